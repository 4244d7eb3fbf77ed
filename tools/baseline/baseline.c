/* The yardstick of tools/bench: a plain C program that writes and checks the rows, indexes, hashes and signatures of a
 * Daybook ledger (docs/spec) and nothing else. It trusts its input: no JSON parser, no validation, no options.
 *     cc -O2 baseline.c -lsqlite3 -lcrypto
 *     init DB SCHEMA            make a ledger with its first entry
 *     open DB                   open it, read the last position, close it
 *     append DB                 one durable signed entry
 *     appendmany DB N [cold]    N of them, each in its own transaction; cold: the file opened and closed for each
 *     batch DB FILE CHUNK       the lines of FILE (canonical CloudEvents), CHUNK to a transaction
 *     verify DB                 every entry hash, the chain, the root: prints size and root
 */
#define _GNU_SOURCE
#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256_Init etc.: EVP takes 20 % more for inputs this short, SHA256() 50 % */
#include <err.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

/* The key: private bytes 00 01 ... 1f. Its ID and verifier key follow from docs/spec/checkpoint.md. */
#define ORIGIN "example.com/bench"
#define KEY_ID "\xe5\x32\x7e\xb2"
#define VERIFIER_KEY ORIGIN "+e5327eb2+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define WAL_LIMIT (1 << 19)

typedef unsigned char Hash[32];
typedef unsigned long long U64;

static sqlite3 *db;
enum { BEGIN, COMMIT, LAST, VERSION, INSERT, SUBTREES, LEAVES, SUBTREE, CHECKPOINT, STATEMENTS };
static sqlite3_stmt *stmt[STATEMENTS];
static const char *const sql[] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [LAST] = "SELECT position, hash, event FROM entries ORDER BY position DESC LIMIT 1",
    [VERSION] = "SELECT max(streamversion) FROM entries WHERE subject = ?",
    [INSERT] = "INSERT INTO entries (position, hash, event) VALUES (?, ?, ?) ON CONFLICT (source, id) DO NOTHING",
    [SUBTREES] = "SELECT hash FROM subtree_hashes WHERE level = ? AND number >= ? ORDER BY number",
    [LEAVES] = "SELECT hash FROM entries WHERE position >= ? ORDER BY position",
    [SUBTREE] = "INSERT INTO subtree_hashes (level, number, hash) VALUES (?, ?, ?)",
    [CHECKPOINT] = "INSERT INTO checkpoints (size, note) VALUES (?, ?) ON CONFLICT DO NOTHING",
};

static int check(int rc) {
    if (rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE) errx(1, "%s", sqlite3_errmsg(db));
    return rc;
}

static void run(const char *text) { check(sqlite3_exec(db, text, NULL, NULL, NULL)); }

static int row(int s) { return check(sqlite3_step(stmt[s])) == SQLITE_ROW; }

static void once(int s) { row(s), sqlite3_reset(stmt[s]); }

static void open_db(const char *path, int flags) {
    int keep = 1; /* the WAL when the last process closes the file */
    check(sqlite3_open_v2(path, &db, flags, NULL));
    sqlite3_busy_timeout(db, 60000);
    if (flags & SQLITE_OPEN_READONLY) return;
    check(sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep));
    run("PRAGMA synchronous=FULL");
}

static void prepare(void) {
    for (int s = 0; s < STATEMENTS; s++) check(sqlite3_prepare_v2(db, sql[s], -1, &stmt[s], NULL));
}

/* A cold process reads the whole WAL, so a writer that still has the lock empties a long one, unless someone reads it.
 * This syncs the file first. */
static void trim_wal(void) {
    struct stat st;
    if (stat(sqlite3_filename_wal(sqlite3_db_filename(db, "main")), &st) || st.st_size <= WAL_LIMIT) return;
    sqlite3_busy_timeout(db, 0);
    run("PRAGMA wal_checkpoint(TRUNCATE)");
}

/* The WAL stays, and every commit in it is synced. The pages that closing copies into the file need no sync then: the
 * next process to open the file replays the whole WAL. */
static void close_db(void) {
    for (int s = 0; s < STATEMENTS; s++) sqlite3_finalize(stmt[s]);
    run("PRAGMA synchronous=OFF");
    check(sqlite3_close(db));
}

/* The tree: the roots of the full subtrees that make up the first n entries, at[b] over 2^b of them. */
typedef struct { U64 n; Hash at[64]; } Range;

/* kind 0: an entry, from the hash before it and the event; kind 1: a node, from two hashes. */
static void hash(Hash out, unsigned char kind, const Hash left, const void *right, size_t len) {
    SHA256_CTX c;
    SHA256_Init(&c);
    SHA256_Update(&c, &kind, 1);
    SHA256_Update(&c, left, 32);
    SHA256_Update(&c, right, len);
    SHA256_Final(out, &c);
}

/* Adds a subtree of 2^b entries. Every root over 256^level entries that this completes is given to made. */
static void add(Range *r, int b, const Hash h, void (*made)(int level, U64 number, const Hash h)) {
    U64 n = r->n + (1ull << b);
    Hash x;
    memcpy(x, h, 32);
    while (r->n >> b & 1) {
        hash(x, 1, r->at[b++], x, 32);
        if (made && b % 8 == 0) made(b / 8, r->n >> b, x);
    }
    memcpy(r->at[b], x, 32);
    r->n = n;
}

static void root(Hash out, const Range *r) {
    int b = __builtin_ctzll(r->n); /* the smallest subtree */
    memcpy(out, r->at[b], 32);
    while (r->n >> ++b)
        if (r->n >> b & 1) hash(out, 1, r->at[b], out, 32);
}

static struct { Range range; Hash last; char time[64]; } head; /* time: the last recordedtime */

static void store_subtree(int level, U64 number, const Hash h) {
    sqlite3_bind_int(stmt[SUBTREE], 1, level);
    sqlite3_bind_int64(stmt[SUBTREE], 2, number);
    sqlite3_bind_blob(stmt[SUBTREE], 3, h, 32, SQLITE_STATIC);
    once(SUBTREE);
}

static void add_rows(int s, int b) {
    while (row(s)) add(&head.range, b, sqlite3_column_blob(stmt[s], 0), NULL);
    sqlite3_reset(stmt[s]);
}

/* The state of the ledger: its last entry, and the tree from the stored subtrees and the leaves after them. */
static void load_head(void) {
    U64 size = 0;
    memset(&head, 0, sizeof head);
    if (row(LAST)) {
        const char *t = strstr((const char *)sqlite3_column_text(stmt[LAST], 2), "\"recordedtime\":\"");
        size = sqlite3_column_int64(stmt[LAST], 0) + 1;
        memcpy(head.last, sqlite3_column_blob(stmt[LAST], 1), 32);
        if (t) memcpy(head.time, t + 16, 27);
    }
    sqlite3_reset(stmt[LAST]);
    for (int level = 7; level >= 1; level--) {
        if (size >> 8 * level == 0) continue;
        sqlite3_bind_int(stmt[SUBTREES], 1, level);
        sqlite3_bind_int64(stmt[SUBTREES], 2, head.range.n >> 8 * level);
        add_rows(SUBTREES, 8 * level);
    }
    sqlite3_bind_int64(stmt[LEAVES], 1, head.range.n);
    add_rows(LEAVES, 0);
    if (head.range.n != size) errx(1, "subtree hashes are missing");
}

static void set_time(void) {
    static time_t second;
    static char now[64];
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (t.tv_sec != second) strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", gmtime(&t.tv_sec)), second = t.tv_sec;
    snprintf(now + 19, sizeof now - 19, ".%06uZ", (unsigned)t.tv_nsec / 1000);
    if (strcmp(now, head.time) > 0) memcpy(head.time, now, 28);
}

static int append_event(const char *event, size_t len) { /* false for a duplicate */
    Hash h;
    hash(h, 0, head.last, event, len);
    sqlite3_bind_int64(stmt[INSERT], 1, head.range.n);
    sqlite3_bind_blob(stmt[INSERT], 2, h, 32, SQLITE_STATIC);
    sqlite3_bind_text(stmt[INSERT], 3, event, len, SQLITE_STATIC);
    once(INSERT);
    if (sqlite3_changes(db) == 0) return 0;
    memcpy(head.last, h, 32);
    add(&head.range, 0, h, store_subtree);
    return 1;
}

static void sign_and_commit(void) {
    Hash h, seed;
    unsigned char sig[68] = KEY_ID, b64[96];
    char note[512];
    size_t len = 64;
    for (int i = 0; i < 32; i++) seed[i] = i;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    root(h, &head.range);
    EVP_EncodeBlock(b64, h, 32);
    int n = sprintf(note, ORIGIN "\n%llu\n%s\n", head.range.n, b64);
    if (!EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) ||
        !EVP_DigestSign(ctx, sig + 4, &len, (unsigned char *)note, n)) errx(1, "signing failed");
    EVP_PKEY_free(key);
    EVP_MD_CTX_free(ctx);
    EVP_EncodeBlock(b64, sig, 68);
    n += sprintf(note + n, "\n\xe2\x80\x94 " ORIGIN " %s\n", b64);
    sqlite3_bind_int64(stmt[CHECKPOINT], 1, head.range.n);
    sqlite3_bind_text(stmt[CHECKPOINT], 2, note, n, SQLITE_STATIC);
    once(CHECKPOINT);
    once(COMMIT);
}

static long long version_of(const char *subject, int len) {
    sqlite3_bind_text(stmt[VERSION], 1, subject, len, SQLITE_STATIC);
    long long v = row(VERSION) ? sqlite3_column_int64(stmt[VERSION], 0) : 0;
    sqlite3_reset(stmt[VERSION]);
    return v;
}

static void init(const char *path, const char *schema_path) {
    static char schema[1 << 16], event[1024];
    FILE *f = fopen(schema_path, "r");
    if (!f || !fread(schema, 1, sizeof schema - 1, f)) err(1, "%s", schema_path);
    open_db(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    run("PRAGMA journal_mode=WAL; PRAGMA application_id=1146700363; PRAGMA user_version=1");
    run(schema);
    prepare();
    once(BEGIN);
    set_time();
    append_event(event, snprintf(event, sizeof event,
        "{\"data\":{\"format\":1,\"key\":\"" VERIFIER_KEY "\",\"origin\":\"" ORIGIN "\"},\"id\":\"created\","
        "\"recordedtime\":\"%s\",\"source\":\"urn:bench\",\"specversion\":\"1.0\",\"streamversion\":1,"
        "\"subject\":\"ledger\",\"type\":\"dev.daybook.ledger.created.v1\"}", head.time));
    sign_and_commit();
    close_db();
}

static void append_one(void) { /* an event of 416 bytes and more */
    U64 r[2];
    char event[1024];
    load_head();
    set_time();
    if (getrandom(r, sizeof r, 0) != sizeof r) err(1, "getrandom");
    append_event(event, snprintf(event, sizeof event,
        "{\"actor\":\"bench\",\"data\":{\"amount\":1234.5,\"currency\":\"EUR\",\"items\":[1,2,3],\"note\":\"%0110d\"},"
        "\"id\":\"%016llx%016llx\",\"recordedtime\":\"%s\",\"source\":\"urn:bench\",\"specversion\":\"1.0\","
        "\"streamversion\":%lld,\"subject\":\"bench/1\",\"time\":\"%s\",\"type\":\"bench.made\"}",
        0, r[0], r[1], head.time, version_of("bench/1", 7) + 1, head.time));
    sign_and_commit();
}

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void append_many(const char *path, int n, int cold) {
    char name[4096];
    double *waits = calloc(n, sizeof *waits);
    snprintf(name, sizeof name, "%s-lock", path);
    int lock = open(name, O_RDWR | O_CREAT, 0644);
    if (lock < 0 || n < 1) err(1, "%s", name);
    for (int i = 0; i < n; i++) {
        if (i == 0 || cold) open_db(path, SQLITE_OPEN_READWRITE), prepare();
        waits[i] = -now_ms();
        if (flock(lock, LOCK_EX)) err(1, "%s", name);
        once(BEGIN);
        waits[i] += now_ms();
        append_one();
        trim_wal();
        flock(lock, LOCK_UN);
        if (i == n - 1 || cold) close_db();
    }
    qsort(waits, n, sizeof *waits, ascending);
    printf("max %.1f ms, median %.1f ms\n", waits[n - 1], waits[n / 2]);
}

typedef struct Stream { struct Stream *next; long long version; char name[]; } Stream;

static Stream *stream(const char *name, size_t len) {
    static Stream *table[1 << 18];
    U64 h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < len; i++) h = (h ^ (unsigned char)name[i]) * 1099511628211u;
    Stream **at = &table[(h ^ h >> 32) % (1 << 18)], *s = *at;
    while (s && (strncmp(s->name, name, len) || s->name[len])) s = s->next;
    if (s) return s;
    s = calloc(1, sizeof *s + len + 1);
    *s = (Stream){.next = *at, .version = version_of(name, len)};
    memcpy(s->name, name, len);
    return *at = s;
}

/* Each line is canonical, so its members come in order, and the generated data holds none of these names. */
static void batch(const char *path, const char *lines, int chunk) {
    static char event[1 << 16];
    char *line = NULL;
    size_t room = 0;
    long len, read = 0, kept = 0;
    FILE *f = fopen(lines, "r");
    if (!f || chunk < 1) err(1, "%s", lines);
    open_db(path, SQLITE_OPEN_READWRITE);
    run("PRAGMA cache_size=-65536");
    prepare();
    for (; (len = getline(&line, &room, f)) > 0; read++) {
        line[strcspn(line, "\n")] = 0;
        if (read && read % chunk == 0) sign_and_commit();
        if (read % chunk == 0) once(BEGIN), load_head();
        const char *source = strstr(line, "\"source\":\""), *subject = source ? strstr(source, "\"subject\":\"") : NULL;
        if (!subject || len > 61440 - 100) errx(1, "line %ld is not one of ours", read + 1);
        Stream *s = stream(subject + 11, strcspn(subject + 11, "\""));
        set_time();
        int n = snprintf(event, sizeof event, "%.*s\"recordedtime\":\"%s\",%.*s\"streamversion\":%lld,%s",
            (int)(source - line), line, head.time, (int)(subject - source), source, s->version + 1, subject);
        if (append_event(event, n)) s->version++, kept++;
    }
    if (read) sign_and_commit();
    trim_wal();
    printf("%ld appended, %ld duplicates\n", kept, read - kept);
    close_db();
}

static void verify(const char *path) {
    Range range = {0};
    Hash h, before = {0};
    sqlite3_stmt *rows;
    open_db(path, SQLITE_OPEN_READONLY);
    check(sqlite3_prepare_v2(db, "SELECT position, hash, event FROM entries ORDER BY position", -1, &rows, NULL));
    for (; check(sqlite3_step(rows)) == SQLITE_ROW; memcpy(before, h, 32)) {
        hash(h, 0, before, sqlite3_column_text(rows, 2), sqlite3_column_bytes(rows, 2));
        if ((U64)sqlite3_column_int64(rows, 0) != range.n) errx(1, "a position is missing");
        if (memcmp(h, sqlite3_column_blob(rows, 1), 32)) errx(1, "the hash of %llu is wrong", range.n);
        add(&range, 0, h, NULL);
    }
    root(h, &range);
    printf("%llu ", range.n);
    for (int i = 0; i < 32; i++) printf("%02x", h[i]);
    printf("\n");
}

int main(int argc, char **argv) {
    const char *command = argc > 2 ? argv[1] : "";
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL); /* saves a cold process the reading of openssl.cnf */
    if (!strcmp(command, "verify")) verify(argv[2]);
    else if (!strcmp(command, "open")) open_db(argv[2], SQLITE_OPEN_READONLY), run("SELECT max(position) FROM entries");
    else if (!strcmp(command, "init") && argc == 4) init(argv[2], argv[3]);
    else if (!strcmp(command, "append")) append_many(argv[2], 1, 1);
    else if (!strcmp(command, "appendmany") && argc > 3) append_many(argv[2], atoi(argv[3]), argc > 4);
    else if (!strcmp(command, "batch") && argc == 5) batch(argv[2], argv[3], atoi(argv[4]));
    else errx(2, "init DB SCHEMA | open DB | append DB | appendmany DB N [cold] | batch DB FILE CHUNK | verify DB");
    return 0;
}
