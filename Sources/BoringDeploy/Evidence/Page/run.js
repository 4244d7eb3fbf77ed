// One verification: what was given, what has been read, and what was found. What a finding leaves unknown stays null,
// and what depends on it is left out.

class Run {
    constructor(key, checkpoints) {
        this.trusted = key;
        this.key = key; // by which signatures are checked: the one given, else the one that the manifest names
        this.checkpoints = checkpoints;
        this.manifest = this.proofs = this.checkpoint = this.entries = null;
        this.checked = [];
        this.unchecked = [];
        this.isOpen = false; // whether something from outside could neither be confirmed nor refuted
        this.findings = [];
    }

    /** A run with what the reader has given, which is refused here if it is not what it should be. */
    static async start({key = null, checkpoints = []} = {}) {
        await requireCryptography();
        const trusted = key === null ? null : await accepted("the key", () => parseVerifierKey(key.trim()));
        const kept = [];
        for (const {name, text} of checkpoints) {
            kept.push({name, note: await accepted(`the checkpoint ${name}`, () => parseCheckpoint(toUTF8(text)))});
        }
        return new Run(trusted, kept);
    }

    /** The roots that `consistency` states, by their sizes. */
    get statedRoots() {
        this.rootsBySize ??= new Map(this.proofs?.consistency.map(({size, root}) => [size, root]));
        return this.rootsBySize;
    }

    check(kind) {
        if (!this.checked.includes(kind)) this.checked.push(kind);
    }

    /** One finding for all faults of one place. */
    find(kind, faults, {file = null, line = null, position = null} = {}) {
        if (faults.length === 0) return;
        this.check(kind);
        this.findings.push({kind, file, line, position, detail: faults.join("; ")});
    }

    leaveOpen(sentence) {
        this.unchecked.push(sentence);
        this.isOpen = true;
    }

    /** What a parser makes of a file's bytes; null, and a finding, where they are malformed. */
    async parsed(kind, file, bytes, parser) {
        if (bytes === null) return null;
        this.check(kind);
        try {
            return await parser(bytes);
        } catch (error) {
            this.find(kind, [`malformed: ${faultOf(error)}`], {file});
            return null;
        }
    }

    get report() {
        const {manifest, findings} = this;
        const isTrusted = this.trusted !== null;
        const withoutKey = "No key was given, and the one used is that which the bundle names: it was checked for " +
            "consistency only. Whoever made the bundle could have made up all of it.";
        return {
            verdict: findings.length > 0 ? "bad" : isTrusted && !this.isOpen ? "good" : "consistent",
            scope: manifest && manifest.scope, complete: manifest && manifest.query.complete,
            absent: manifest && manifest.query.absent, origin: manifest && manifest.ledger.origin,
            size: manifest && manifest.checkpoint.size, root: manifest && manifest.checkpoint.root,
            entries: this.entries ? this.entries.length : 0, trusted: isTrusted,
            checked: this.checked, unchecked: isTrusted ? this.unchecked : [withoutKey, ...this.unchecked], findings,
            perEntry: (this.entries ?? []).map(({position, isSound}) => ({position, ok: isSound})),
        };
    }
}

/** The words of what is malformed. Any other error is a fault of this program, and no verdict. */
function faultOf(error) {
    if (error instanceof Malformed) return error.message;
    throw error;
}

async function accepted(what, parser) {
    try {
        return await parser();
    } catch (error) {
        throw new Refusal(`${what} that was given is not one: ${faultOf(error)}`);
    }
}
