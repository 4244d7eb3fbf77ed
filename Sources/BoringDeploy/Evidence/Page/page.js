// What the reader sees and does: the page checks itself when it is opened, checks the bundle's file when the reader
// gives it, marks every entry, and lets tables be sorted. All text is put in as text, never as markup.

const byId = (id) => document.getElementById(id);

// Makes an element: its text or children after the attributes.
const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    made.append(...children);
    return made;
};

const plural = (count, word, many = `${word}s`) => `${count} ${count === 1 ? word : many}`;

// The evidence that the page holds, as its generator wrote it.
const embeddedEvidence = () => JSON.parse(byId("evidence").textContent);

const verdictWords = (report, isFile) => {
    const place = isFile ? "this file" : "this page";
    const shown = plural(report.entries, "entry", "entries");
    switch (report.verdict) {
    case "good":
        return [`Proven: ${shown} are exactly what ${report.origin} has signed.`,
            isFile ? "Every file of the bundle was checked as well." : "Nothing of what was asked for is left out."];
    case "bad":
        return [`NOT proven: ${plural(report.findings.length, "finding")}.`,
            `What is shown in ${place} is not what the ledger has signed, or not all of it.`];
    default:
        return [`Nothing is wrong with these ${shown}, but nothing is proven yet.`, report.trusted
            ? "See below what could not be checked."
            : "Paste the ledger's verifier key, from its publisher: whoever made this file could have made all of it up."];
    }
};

// Of what a bundle is, in words; the period with a comma before each of its ends.
const periodWords = ({since, until}) => `${since ? `, since ${since}` : ""}${until ? `, until ${until}` : ""}`;
const scopeWords = (scope) => scope.release === undefined
    ? `type ${shown(scope.type)}${periodWords(scope)}` : `release ${shown(scope.release)}`;

// The words for a file that is not of the bundle that this page tells of: what is shown here is not what was checked.
const otherWords = (report, [title, explanation]) => report.scope === null
    ? [title, `${explanation} Whether the file is the bundle that this page tells of cannot be said: nothing here is `
        + "marked."]
    : [`Another bundle than the one this page tells of: ${scopeWords(report.scope)}, of ${shown(report.origin)}.`,
        `Of that file, and of nothing that is shown here: ${title} ${explanation}`];

const setVerdict = (verdict, title, explanation) => {
    document.documentElement.dataset.verdict = verdict;
    byId("verdict-title").textContent = title;
    byId("verdict-text").textContent = explanation;
};

const findingRow = (finding) => {
    const place = [finding.file ?? "bundle", finding.line === null ? null : `line ${finding.line}`,
        finding.position === null ? null : `position ${finding.position}`].filter((part) => part !== null);
    return element("tr", {}, element("td", {}, finding.kind), element("td", {}, place.join(", ")),
        element("td", {}, finding.detail));
};

// Puts rows in place of those that are there: too many, maybe, to be the arguments of one call.
const fill = (parent, children) => {
    parent.replaceChildren();
    for (const child of children) parent.append(child);
};

const list = (id, sentences) => fill(byId(id), sentences.map((text) => element("li", {}, text)));

const SHOWN_FINDINGS = 1000, SHOWN_KEYS = 100;

const showFindings = (findings) => {
    byId("findings").hidden = findings.length === 0;
    const rows = findings.slice(0, SHOWN_FINDINGS).map(findingRow);
    const more = findings.length - rows.length;
    if (more > 0) rows.push(element("tr", {}, element("td", {colspan: "3"}, `and ${more} more`)));
    fill(byId("finding-rows"), rows);
};

// What it comes to that nothing was found. The signer has chosen the questions: a reader looks for their own.
const showProven = ({scope, complete, absent, findings}) => {
    byId("proven")?.remove();
    if (scope === null || findings.length > 0) return;
    const period = (key) => key === populationKey(scope) ? periodWords(scope) : "";
    // Of a population each subject is complete; what is of interest is that of its type, which stands last.
    const more = Math.max(0, complete.length - SHOWN_KEYS);
    const rows = [...more > 0 ? [`complete: ${more} more keys, of the population's subjects`] : [],
        ...complete.slice(more).map((key) => `complete: ${shown(key).slice(1, -1)}${period(key)}`),
        ...absent.map((key) => `absent from the whole log: ${shown(key).slice(1, -1)}`)];
    const answers = element("ul", {});
    fill(answers, rows.map((text) => element("li", {}, text)));
    byId("details").prepend(element("div", {id: "proven"},
        element("p", {class: "about"}, "What this shows. The signer chose the questions: see whether yours is among them."),
        answers));
};

// Marks every mention of an entry by what was found of it.
const markEntries = (perEntry) => {
    const ok = new Map(perEntry.map((entry) => [String(entry.position), entry.ok]));
    for (const mention of document.querySelectorAll("[data-position]")) {
        const found = ok.get(mention.dataset.position);
        mention.dataset.found = found === undefined ? "unknown" : found ? "good" : "bad";
        mention.title = found === undefined ? "not checked"
            : found ? "its bytes, hash and place in the log are as stated" : "this entry is NOT as the ledger has it";
    }
};

const show = (report, isFile, isOther = false) => {
    const words = verdictWords(report, isFile);
    setVerdict(report.verdict, ...isOther ? otherWords(report, words) : words);
    byId("report").textContent = JSON.stringify(report);
    showFindings(report.findings);
    showProven(report);
    byId("checked").textContent = report.checked.join(", ");
    list("unchecked", report.unchecked);
    byId("details").hidden = false;
    markEntries(isOther ? [] : report.perEntry);
};

// Counts the checks, so that one that was overtaken says nothing any more.
let checks = 0;

const check = async () => {
    checks += 1;
    const number = checks;
    const key = byId("key").value.trim() || null;
    const file = byId("bundle-file").files[0];
    setVerdict("checking", "Checking …", "");
    byId("details").hidden = byId("findings").hidden = true; // and what was said before is no longer said
    markEntries([]);
    try {
        if (file) {
            const bytes = new Uint8Array(await file.arrayBuffer());
            const {report, manifest} = await checkArchive(bytes, {key, checkpoints: []});
            if (number === checks) show(report, true, !isSameBundle(manifest, embeddedEvidence().manifest));
        } else if (embeddedEvidence().entries === null) {
            setVerdict("asking", "Not checked yet.", "This page is too large to hold its entries. Choose the bundle's "
                + "file, and it is checked here.");
        } else {
            const report = await verifyEmbedded(embeddedEvidence(), {key, checkpoints: []});
            if (number === checks) show(report, false);
        }
    } catch (error) {
        if (number === checks) setVerdict("error", "This could not be checked.", error.message);
    }
};

// Sorting

const sortValue = (cell) => cell?.dataset.sort ?? cell?.textContent ?? "";

const sortBy = (table, heading, column) => {
    const isUp = heading.getAttribute("aria-sort") !== "ascending";
    const compare = new Intl.Collator("en", {numeric: true}).compare;
    const rows = [...table.tBodies[0].rows].sort((left, right) =>
        compare(sortValue(left.cells[column]), sortValue(right.cells[column])) * (isUp ? 1 : -1));
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    for (const row of rows) table.tBodies[0].append(row);
};

const makeSortable = (table) => {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
        const button = element("button", {type: "button", class: "sort"}, heading.textContent);
        button.addEventListener("click", () => sortBy(table, heading, column));
        heading.setAttribute("aria-sort", "none");
        heading.replaceChildren(button);
    });
};

// The event of an entry, to be read as it was recorded.

const showEvents = () => {
    const {entries, proofs} = embeddedEvidence();
    if (entries === null) return;
    const lines = new Map(proofs.entries.map((proof, index) => [String(proof.position), entries[index]]));
    for (const row of document.querySelectorAll("tr[data-event]")) {
        const line = lines.get(row.dataset.event);
        if (line === undefined) continue;
        const details = element("details", {class: "event"}, element("summary", {}, "the event"));
        details.addEventListener("toggle", () => {
            if (details.open && details.children.length === 1) {
                details.append(element("pre", {}, JSON.stringify(JSON.parse(line), null, 1)));
            }
        });
        row.cells[1].append(details);
    }
};

// Releases of a population are folded away: whoever follows a link to one, or prints, sees them.
const openReleases = (releases) => {
    for (const release of releases) release.open = true;
};

// What a link to a place in the page names, or null: whoever wrote the link may have written anything.
const targetOf = (hash) => {
    try {
        return hash.length > 1 ? byId(decodeURIComponent(hash.slice(1))) : null;
    } catch {
        return null;
    }
};

const openTarget = () => {
    const target = targetOf(location.hash);
    if (target === null) return;
    openReleases([target.closest("details.release")].filter((release) => release !== null));
    target.scrollIntoView();
};

const start = () => {
    byId("check-form").hidden = false;
    byId("check-form").addEventListener("submit", (event) => {
        event.preventDefault();
        check();
    });
    byId("bundle-file").addEventListener("change", check);
    addEventListener("hashchange", openTarget);
    addEventListener("beforeprint", () => openReleases(document.querySelectorAll("details.release")));
    check(); // first: nothing of what follows may keep it from that
    for (const table of document.querySelectorAll("table.rows")) makeSortable(table);
    showEvents();
    openTarget();
};

start();
