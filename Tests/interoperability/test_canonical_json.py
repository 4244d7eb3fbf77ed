"""Stored events are what PyPI's `rfc8785` makes of them."""
import json
import math
import struct
import unittest

from common import Scenario, seeded

try:
    import rfc8785
except ImportError:
    rfc8785 = None

SAFE = 2**53 - 1
PER_EVENT = 200


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def boundaries():
    """Doubles at which writers of shortest digits go wrong."""
    values = [0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308,
              -1.7976931348623157e308, 1e21, 1e20, 999999999999999900000.0, 1e-6, 1e-7, 9.999999999999999e-7, 0.1, 0.3,
              1 / 3, 2.0**53, 2.0**53 + 2, -(2.0**53), 9007199254740991.0, 9007199254740992.0, 295147905179352830000.0, 1e23,
              9.5367431640625e-7, 4.35, 5e-5, 123456789012345680000.0, 333333333.3333332, 333333333.33333325]
    for exponent in range(-324, 309):
        values += [float(f"1e{exponent}"), float(f"9e{exponent - 1}")]
    for exponent in range(-1074, 1024):
        values.append(math.ldexp(1.0, exponent))
    near = [math.nextafter(v, side) for v in values for side in (-math.inf, math.inf)]
    return [v for v in values + near if math.isfinite(v)]


@unittest.skipUnless(rfc8785, "the package rfc8785 is not installed")
class CanonicalJSON(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def stored(self, texts):
        """Appends one event with each JSON text as its data; gives the stored bytes of the events."""
        lines = [f'{{"specversion":"1.0","id":"{i}","source":"//i","type":"x.y","data":{text}}}' for i, text in
                 enumerate(texts)]
        result = self.run_daybook("append", "--batch", "-", "-o", "json", stdin="\n".join(lines).encode())
        self.assertEqual(result.code, 0, repr(result))
        out = self.ok("log", "--from", "1", "-o", "json").raw
        return [line[len(b'{"event":'):line.rindex(b',"hash":"')] for line in out.splitlines()]

    def check(self, values, texts=None):
        """Every event, and so its data, is stored as rfc8785 writes it."""
        texts = texts or [json.dumps(v, ensure_ascii=False) for v in values]
        for value, event_bytes in zip(values, self.stored(texts), strict=True):
            event = json.loads(event_bytes)
            self.assertEqual(event_bytes, rfc8785.dumps({**event, "data": value}))
        self.assert_sound()

    def check_doubles(self, values, write):
        groups = [values[i:i + PER_EVENT] for i in range(0, len(values), PER_EVENT)]
        self.check(groups, ["[" + ",".join(map(write, group)) + "]" for group in groups])

    def test_doubles_at_the_boundaries(self):
        self.check_doubles(boundaries(), lambda v: f"{v:.17e}")

    def test_twenty_thousand_random_bit_patterns(self):
        draw = seeded("bit patterns")
        values = [v for v in (double(draw.getrandbits(64)) for _ in range(20_000)) if math.isfinite(v)]
        self.check_doubles(values, lambda v: f"{v:.17e}" if draw.random() < 0.5 else f"{v:.25E}")

    def test_random_decimals_as_people_write_them(self):
        draw = seeded("decimals")
        texts = []
        for _ in range(20_000):
            digits = "".join(draw.choice("0123456789") for _ in range(draw.randint(1, 22))).lstrip("0") or "0"
            fraction = "".join(draw.choice("0123456789") for _ in range(draw.randint(1, 22)))
            exponent = draw.choice(["", "", f"e{draw.randint(-330, 280)}", f"E+{draw.randint(0, 280)}"])
            texts.append(f"{draw.choice(['', '-'])}{digits}.{fraction}{exponent}")
        values = [float(t) for t in texts]
        kept = [(v, t) for v, t in zip(values, texts) if math.isfinite(v)]
        groups = [kept[i:i + PER_EVENT] for i in range(0, len(kept), PER_EVENT)]
        self.check([[v for v, _ in g] for g in groups], ["[" + ",".join(t for _, t in g) + "]" for g in groups])

    def test_safe_integers(self):
        draw = seeded("integers")
        values = [0, 1, -1, SAFE, -SAFE, SAFE - 1] + [
            draw.randint(-(2**bits), 2**bits) for bits in range(1, 53) for _ in range(20)]
        self.check([values])

    def test_integers_written_with_a_point_may_be_any_double(self):
        self.check([[1e20, 1e21, 9007199254740994.0, -1e22]], ["[1e20,1E+21,9007199254740994.0,-1e22]"])

    def test_three_thousand_random_values(self):
        draw = seeded("values")
        alphabet = ("abcXYZ019 _-/\\\"'<>&\u007f\u0080\u00e9\u0301\u2028\u2029\ufeff\ufb33\ud7ff\ue000\uffff\U00010000"
                    "\U0001f600\U0010ffff\x00\x01\x08\t\n\x0b\x0c\r\x1f")

        def text():
            return "".join(draw.choice(alphabet) for _ in range(draw.randint(0, 8)))

        def value(depth):
            kind = draw.randrange(9 if depth < 5 else 6)
            if kind == 0:
                return draw.choice([None, True, False])
            if kind == 1:
                return draw.randint(-SAFE, SAFE) >> draw.randrange(53)
            if kind == 2:
                number = double(draw.getrandbits(64))
                return number if math.isfinite(number) else 0.5
            if kind == 3:
                return draw.choice([1, -1]) * round(draw.random() * 10 ** draw.randint(-8, 22), draw.randint(0, 6))
            if kind < 6:
                return text()
            if kind == 6:
                return [value(depth + 1) for _ in range(draw.randrange(6))]
            return {text(): value(depth + 1) for _ in range(draw.randrange(8))}

        values = [value(0) for _ in range(3000)]
        texts = [json.dumps(v, ensure_ascii=draw.random() < 0.5) for v in values]
        # json.dumps writes whole doubles as 1e+22 or 1.0, never as a bare integer, so none is outside the safe range.
        self.check(values, texts)

    def test_names_are_sorted_by_utf16_code_units(self):
        names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6", "\ue000", "\uffff", "\U00010000", "", "a",
                 "aa", "A", "\u0000"]
        self.check([{n: i for i, n in enumerate(names)}])
