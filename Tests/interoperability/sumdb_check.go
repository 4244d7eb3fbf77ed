// Command sumdb_check holds Daybook's checkpoints and proofs against golang.org/x/mod/sumdb/note and .../tlog,
// the packages of Go's checksum database.
//
// It reads requests from standard input, one JSON object a line, and answers each with a line: "ok", the text that was
// asked for, or "error: ...". test_sumdb.py writes the requests.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A request names what to check. Byte slices are base64 in JSON.
type request struct {
	Do         string   // "record", "tree", "sign" or "newkey"
	Key        string   // a verifier key; for sign, a signer key
	Name       string   // for newkey
	Checkpoint string   // a signed note
	Old        string   // for tree: the older signed note
	Index      int64    // for record
	Leaf       []byte   // for record: the leaf data
	Path       [][]byte // the proof
	Text       string   // for sign
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var r request
		answer := "ok"
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			answer = "error: " + err.Error()
		} else if said, err := do(r); err != nil {
			answer = "error: " + err.Error()
		} else if said != "" {
			answer = said
		}
		fmt.Println(strings.ReplaceAll(answer, "\n", "\\n"))
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func do(r request) (string, error) {
	switch r.Do {
	case "record":
		tree, err := open(r.Checkpoint, r.Key)
		if err != nil {
			return "", err
		}
		path, err := hashes(r.Path)
		if err != nil {
			return "", err
		}
		return "", tlog.CheckRecord(path, tree.N, tree.Hash, r.Index, tlog.RecordHash(r.Leaf))
	case "tree":
		tree, err := open(r.Checkpoint, r.Key)
		if err != nil {
			return "", err
		}
		old, err := open(r.Old, r.Key)
		if err != nil {
			return "", err
		}
		path, err := hashes(r.Path)
		if err != nil {
			return "", err
		}
		return "", tlog.CheckTree(path, tree.N, tree.Hash, old.N, old.Hash)
	case "newkey":
		// Deterministic, so that a failure can be replayed.
		seed := sha256.Sum256([]byte(r.Name + r.Text))
		signer, verifier, err := note.GenerateKey(bytes.NewReader(seed[:]), r.Name)
		return signer + " " + verifier, err
	case "sign":
		signer, err := note.NewSigner(r.Key)
		if err != nil {
			return "", err
		}
		signed, err := note.Sign(&note.Note{Text: r.Text}, signer)
		return string(signed), err
	}
	return "", fmt.Errorf("unknown request %q", r.Do)
}

// open verifies a checkpoint by a verifier key and reads its tree: the three lines of C2SP's tlog-checkpoint, of which
// tlog.ParseTree knows only Go's own origin.
func open(signed, key string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(n.Sigs) != 1 {
		return tlog.Tree{}, fmt.Errorf("%d signatures by %s", len(n.Sigs), verifier.Name())
	}
	origin, rest, _ := strings.Cut(n.Text, "\n")
	if origin != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("origin %q, key %q", origin, verifier.Name())
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}

func hashes(path [][]byte) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(path))
	for i, h := range path {
		if len(h) != tlog.HashSize {
			return nil, fmt.Errorf("hash %d has %d bytes", i, len(h))
		}
		copy(out[i][:], h)
	}
	return out, nil
}
