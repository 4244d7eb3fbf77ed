// What a well-formed event is, with its ledger attributes (docs/spec/entry.md).

const EVENT_LIMIT = 61440;
const TYPES = {
    created: "dev.daybook.ledger.created.v1", sealed: "dev.daybook.ledger.sealed.v1",
    trusted: "dev.daybook.key.trusted.v1", stamped: "dev.daybook.checkpoint.timestamped.v1",
};
const OWN_STREAM = "ledger";

const UNPRINTABLE = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;
const URI_CHARACTER = String.raw`(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})`;
const URI_REST = `${URI_CHARACTER}*(?:#${URI_CHARACTER}*)?`; // one fragment at most
const URI_REFERENCE = new RegExp(`^(?=.)${URI_REST}$`);
const ABSOLUTE_URI = new RegExp(String.raw`^[A-Za-z][A-Za-z0-9+.\-]*:${URI_REST}$`);
const MEDIA_TYPE = new RegExp(
    String.raw`^T/T(?:[ \t]*;[ \t]*T=(?:T|"(?:[ \t!#-\[\]-~]|\\[ \t!-~])*"))*$`
        .replaceAll("T", "[!#$$%&'*+\\-.^_`{|}~0-9A-Za-z]+"));
const DATE_TIME = new RegExp(
    String.raw`^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$`);
const RECORDED_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d\.\d{6}Z$/;

function isDateTime(text) {
    const found = DATE_TIME.exec(text);
    if (!found) return false;
    const [year, month, day, hour, minute, second, offsetHour, offsetMinute] =
        found.slice(1).map(digits => Number(digits ?? 0));
    const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] && hour <= 23 && minute <= 59 &&
        second <= 60 && offsetHour <= 23 && offsetMinute <= 59; // a second 60 is a leap second
}

const isRecordedTime = value => typeof value === "string" && RECORDED_TIME.test(value) && isDateTime(value);

/** The attributes that are non-empty strings, and what more is asked of each. */
const STRING_ATTRIBUTES = new Map([
    ["specversion", ["1.0", text => text === "1.0"]],
    ["id", ["", () => true]],
    ["source", ["a URI-reference", text => URI_REFERENCE.test(text)]],
    ["type", ["", () => true]],
    ["subject", ["", () => true]],
    ["time", ["an RFC 3339 date-time", isDateTime]],
    ["datacontenttype", ["a media type", text => MEDIA_TYPE.test(text)]],
    ["dataschema", ["an absolute URI", text => ABSOLUTE_URI.test(text)]],
    ["recordedtime", ["a time of the ledger's clock", isRecordedTime]],
]);

function eventFaults(event) {
    if (!isObject(event)) return ["not an object"];
    const faults = ["specversion", "id", "source", "type", "recordedtime"]
        .filter(name => !Object.hasOwn(event, name)).map(name => `${name} is missing`);
    if ("data" in event && "data_base64" in event) faults.push("both data and data_base64");
    if ("subject" in event !== "streamversion" in event) faults.push("subject and streamversion do not go together");
    for (const [name, value] of Object.entries(event)) {
        const wanted = name === "data" ? null : wantedAttribute(name, value);
        if (wanted !== null) faults.push(`${shown(name)} is not ${wanted}: ${shown(value)}`);
    }
    return faults;
}

/** What an attribute should be, or null if it is that. */
function wantedAttribute(name, value) {
    const isText = typeof value === "string";
    if (isText && UNPRINTABLE.test(value)) return "free of control characters and noncharacters";
    if (STRING_ATTRIBUTES.has(name)) {
        const [wanted, isGood] = STRING_ATTRIBUTES.get(name);
        if (!isText || value === "") return "a non-empty string";
        return isGood(value) ? null : wanted;
    }
    if (name === "data_base64") return isText && fromBase64(value) !== null ? null : "base64";
    const isInteger = Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
    if (name === "streamversion") return isInteger && value > 0 ? null : "a positive integer within 32 bits";
    if (!/^[a-z0-9]{1,20}$/.test(name)) return "the name of an extension attribute";
    const isExtension = isText || isInteger || typeof value === "boolean";
    return isExtension ? null : "a string, a boolean, or an integer within 32 bits";
}

const isOwn = (event, type) => event.type === type && event.subject === OWN_STREAM;

/** The key that the first event names; throws what is wrong with the event. */
async function readCreated(event) {
    need(event !== null && isOwn(event, TYPES.created), `not an event of type ${TYPES.created} and subject ledger`);
    const {key: text} = isObject(event.data) ? event.data : {};
    const key = await parseVerifierKey(typeof text === "string" ? text : "");
    const expected = writeJSON({format: 1, key: text, origin: key.name});
    need(writeJSON(event.data) === expected, `its data is not ${shown(expected)}`);
    return key;
}

/** What is wrong with the form of a seal, without a look at the index. */
function sealFaults(position, event) {
    const {data} = event;
    if (!isObject(data) || Object.keys(data).sort().join() !== "keys,root,size") {
        return ["its data have other members than keys, root and size"];
    }
    const faults = event.subject === OWN_STREAM ? [] : ["its subject is not ledger"];
    for (const name of ["keys", "size"]) {
        if (!isCount(data[name])) faults.push(`${name} is no number: ${shown(data[name])}`);
    }
    if (!isHash(data.root)) faults.push(`root is no hash: ${shown(data.root)}`);
    if (isCount(data.size) && !(data.size >= 1 && data.size <= position)) {
        faults.push(`its size is ${data.size}, not from 1 to ${position}`);
    }
    return faults;
}

/** The keys of the index that an event has. */
const indexKeys = event => [`type:${event.type}`, ..."subject" in event ? [`subject:${event.subject}`] : []];

/** The hashes of the attachments that an event refers to, each once. */
function attachmentDigests({data}) {
    const elements = isObject(data) && Array.isArray(data.attachments) ? data.attachments : [];
    const digests = elements.filter(each => isObject(each) && typeof each.name === "string")
        .map(each => digestOf(each.digest)).filter(digest => digest !== null);
    return [...new Set(digests)].sort();
}

/** The hash in a reference to an attachment. */
function digestOf(reference) {
    const [, digest = null] = typeof reference === "string" && /^sha256:([0-9a-f]{64})$/.exec(reference) || [];
    return digest;
}
