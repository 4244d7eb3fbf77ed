// Forms: what the JSON of a bundle has to look like. A form is a function of a value and of the words for its place; it
// throws what is wrong. Members that a form does not name are a fault, as docs/spec/bundle.md says.

const passing = (test, words) => (value, where) => {
    if (!test(value)) throw new Malformed(`${where} is not ${words}: ${shown(value)}`);
};

const listOf = form => (value, where) => {
    need(Array.isArray(value), `${where} is no array`);
    value.forEach((element, number) => form(element, `${where}[${number}]`));
};

const orNull = form => (value, where) => {
    if (value !== null) form(value, where);
};

const objectOf = members => {
    const forms = new Map(Object.entries(members));
    return (value, where) => {
        need(isObject(value), `${where} is no object`);
        for (const name of forms.keys()) need(Object.hasOwn(value, name), `${where} has no member ${name}`);
        for (const [name, member] of Object.entries(value)) {
            need(forms.has(name), `${where} has a member ${shown(name)}`);
            forms.get(name)(member, `${where}.${name}`);
        }
    };
};

const isText = value => typeof value === "string" && value !== "";
const isHash = value => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isCount = value => Number.isSafeInteger(value) && value >= 0;

const exactly = constant => passing(value => value === constant, shown(constant));
const TEXT = passing(isText, "a non-empty string");
const NUMBER = passing(isCount, "a number from 0 to 2^53 - 1");
const HASH = passing(isHash, "a hash");

/** A test that keeps what a parser makes of the value out of the way: whether it can be parsed is all. */
const parses = parser => value => {
    try {
        parser(value);
        return true;
    } catch (error) {
        if (error instanceof Malformed) return false;
        throw error;
    }
};

/** Whether strings, or numbers, ascend strictly; strings in the order of their UTF-8 bytes. */
function ascend(values) {
    return values.every((value, at) => at === 0 || isBefore(values[at - 1], value));
}

/** UTF-8 orders strings by code points; ECMAScript by UTF-16, where surrogates come before U+E000-U+FFFF. */
function isBefore(one, other) {
    if (typeof one === "number") return one < other;
    const shorter = Math.min(one.length, other.length);
    let at = 0;
    while (at < shorter && one[at] === other[at]) at += 1;
    if (at === shorter) return one.length < other.length;
    return utf8Rank(one.charCodeAt(at)) < utf8Rank(other.charCodeAt(at));
}

const utf8Rank = unit => unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
