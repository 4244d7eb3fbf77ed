"""Parts of the verifier in the browser by themselves: JSON, base64, DER, trees, the order of bytes."""
import base64
import hashlib
import json
import unittest

from bundle_damages import ELSEWHERE
from bundle_maker import consistency_path, inclusion_path
from bundle_page import PAGE_SCRIPTS, SOURCES, UI_SCRIPTS, PageCase, scripts
from trees import leaf_hash, root_of


class Pieces(PageCase):
    """Parts of it by themselves, where a bundle does not get to them."""

    def answers(self, function, texts):
        """What a function of bytes answers to each: the value, or None where it is refused as malformed."""
        encoded = [base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode() for text in texts]
        return self.browser.evaluate(f"""{json.dumps(encoded)}.map(text => {{
            const bytes = unit.fromBase64(text);
            try {{ return {function}; }} catch (error) {{
                if (error.constructor.name !== "Malformed") throw error;
                return null;
            }}
        }})""")

    def test_canonical_numbers_and_strings(self):
        canonical = ["0", "1", "-1", "1e+21", "100000000000000000000", "9007199254740991", "1.5", "1e-7", "0.000001",
                     "5e-324", "1.7976931348623157e+308", '"\\u0000\\b\\t\\n\\f\\r\\"\\\\/"',
                     '"\x7f\u2028\ufeff\U0001f600"',
                     '{"\U0001f600":1,"\uffee":2}', '{"__proto__":1}', "[[],{},null,true,false]"]
        self.assertEqual(self.answers("unit.readCanonical(bytes) === null ? null : true", canonical),
                         [True] * len(canonical))
        others = ["-0", "1.0", "1e21", "1E+21", "10e1", "9007199254740993", "0.0000001", "1e400", '"\\u0041"', '"\\/"',
                  '"\\u001F"', '{"\uffee":1,"\U0001f600":2}', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":1,"\\u0061":1}',
                  " 1", "1 ", "[1,]", "[1 ]", "{,}", "01", "+1", ".5", "1.", "NaN", "", '"\\ud800"', '"\\udc00\\ud800"',
                  '"a', '"\n"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe2\x82"',
                  b"\xef\xbb\xbf1", "[" * 513 + "]" * 513, "nul", "1 2", "//1"]
        self.assertEqual(self.answers("unit.readCanonical(bytes) === undefined ? 0 : 1", others), [None] * len(others))

    def test_strict_json(self):
        sound = ["[" * 512 + "]" * 512, " 1 ", "1.0", "-0", "1e3", "9007199254740991", '"\\ud83d\\ude00"', "1e-400"]
        self.assertEqual(self.answers("unit.readJSON(bytes) === undefined ? 0 : 1", sound), [1] * len(sound))
        faulty = ["9007199254740992", "-9007199254740992", "1" * 400, "1e309", "\u00a01", "\x0b1", '{"a" 1}',
                  "[1 2]", "tru"]
        self.assertEqual(self.answers("unit.readJSON(bytes) === undefined ? 0 : 1", faulty), [None] * len(faulty))
        self.assertEqual(self.answers("unit.readJSON(bytes, unit.DIGITS)", ["0", "7", "1.0", "1e1", "-1", "-0"]),
                         [0, 7, None, None, None, None])

    def test_strict_base64(self):
        texts = ["", "AA==", "AAA=", "AAAA", "AB==", "AAB=", "AA", "AA=", "A===", "AA==\n", " AA==", "AA==AA==",
                 "-_8=", "é"]
        self.assertEqual(self.browser.evaluate(f"{json.dumps(texts)}.map(text => unit.fromBase64(text) !== null)"),
                         [True] * 4 + [False] * 10)

    def test_signatures_in_der(self):
        one, large, long = "020101", "022100" + "ff" * 32, "022101" + "00" * 32
        for der, isGood in (
                ("3006" + one + one, True), ("3026" + large + one, True), ("3026" + long + one, False),
                ("300702020001" + one, False), ("3006020181" + one, False), ("30050200" + one, False),
                ("308106" + one + one, False), ("3006" + one + one + "00", False), ("3007" + one + one + "00", False),
                ("3003" + one, False), ("3006030101" + one, False), ("3106" + one + one, False), ("", False),
                ("30", False), ("3080" + one + one + "0000", False), ("30060201010202", False)):
            with self.subTest(der):
                found = self.browser.evaluate(
                    f"(raw => raw && unit.toHex(raw))(unit.rawFromDER(Uint8Array.from({list(bytes.fromhex(der))})))")
                self.assertEqual(found is not None, isGood)
                if isGood:
                    self.assertEqual(len(found), 128)
                    self.assertEqual(int(found[64:], 16), 1)

    def proven(self, function, cases):
        return self.browser.evaluate(f"trees.{function}({json.dumps(cases)})")

    def test_inclusion_in_trees_of_every_small_size(self):
        good, bad = [], []
        for size in range(1, 14):
            leaves = [leaf_hash(bytes([number])) for number in range(size)]
            root = root_of(leaves).hex()
            for index in range(size):
                path = [each.hex() for each in inclusion_path(leaves, index)]
                case = [leaves[index].hex(), index, size, path, root]
                good.append(case)
                bad += [[*case[:3], path + [root], root], [*case[:4], ELSEWHERE], [ELSEWHERE, *case[1:]]]
                bad += [[*case[:3], path[:-1], root], [*case[:3], path[1:], root]] * (path != [])
                bad += [[case[0], index + size, *case[2:]], [case[0], size, *case[2:]]]
                bad += [[case[0], other, *case[2:]] for other in range(size) if other != index]
        self.assertEqual(self.proven("included", good), [True] * len(good))
        self.assertEqual(self.proven("included", bad), [False] * len(bad))

    def test_inclusion_where_positions_do_not_fit_into_32_bits(self):
        index, leaf = 0b1011 << 40 | 5, leaf_hash(b"leaf")
        path, root = [hashlib.sha256(bytes([level])).digest() for level in range(44)], leaf
        for level, sibling in enumerate(path):
            pair = sibling + root if index >> level & 1 else root + sibling
            root = hashlib.sha256(b"\1" + pair).digest()
        case = [leaf.hex(), index, 1 << 44, [each.hex() for each in path], root.hex()]
        others = [[case[0], other, *case[2:]] for other in (5, index - 1, index - (1 << 41), index & 0xffffffff)]
        self.assertEqual(self.proven("included", [case, *others]), [True] + [False] * 4)

    def test_consistency_of_trees_of_every_small_size(self):
        good, bad = [], []
        for later in range(1, 14):
            leaves = [leaf_hash(bytes([number])) for number in range(later)]
            whole = root_of(leaves).hex()
            for size in range(later + 1):
                root = (root_of(leaves[:size]) if size else hashlib.sha256(b"").digest()).hex()
                path = [each.hex() for each in consistency_path(leaves, size)]
                good.append([size, root, later, whole, path])
                bad += [[size, root, later, whole, path + [ELSEWHERE]], [size, ELSEWHERE, later, whole, path]]
                bad += [[size, root, later, ELSEWHERE, path]] * (size > 0)
                bad += [[size, root, later, whole, path[:-1]], [size, root, later, whole, path[1:]]] * (path != [])
                bad += [[later + 1, root, later, whole, path]]
        self.assertEqual(self.proven("consistent", good), [True] * len(good))
        self.assertEqual(self.proven("consistent", bad), [False] * len(bad))

    def test_the_order_of_bytes(self):
        texts = ["", "a", "aa", "b", "\x7f", "\u00e9", "\ud7ff", "\ue000", "\uffee", "\uffff",
                 "\U00010000", "\U0001f600"]
        pairs = [(one, other) for one in texts for other in texts]
        found = self.browser.evaluate(f"{json.dumps(pairs)}.map(([one, other]) => unit.isBefore(one, other))")
        self.assertEqual(found, [one.encode() < other.encode() for one, other in pairs])

    def test_the_scripts_can_stand_in_a_page(self):
        text = scripts()
        self.assertNotIn("</script", text.lower())
        self.assertNotIn("<!--", text)
        self.assertEqual(sorted(PAGE_SCRIPTS), sorted(path.name for path in SOURCES.glob("*.js")
                                                      if path.name not in UI_SCRIPTS))
        for word in ("innerHTML", "eval(", "document.", "fetch(", "\nimport ", "\nexport "):
            self.assertNotIn(word, text)


if __name__ == "__main__":
    unittest.main()
