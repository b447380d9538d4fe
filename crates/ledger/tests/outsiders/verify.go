// Verifies a log with Go's own implementation (golang.org/x/mod/sumdb), none of it ours:
//
//	verify VKEY-FILE LOG-FOLDER [OLDER-CHECKPOINT]   the whole log, and that it extends an older one
//	verify VKEY-FILE PROOF.tlog-proof ENTRY-FILE     that one entry is in the log
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "REFUSED:", err)
		os.Exit(1)
	}
}

func check(ok bool, why string, args ...interface{}) {
	if !ok {
		must(fmt.Errorf(why, args...))
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

// open checks the log's signature and returns the tree that the checkpoint speaks of.
func open(key, checkpoint []byte) tlog.Tree {
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	must(err)
	signed, err := note.Open(checkpoint, note.VerifierList(verifier))
	must(err)
	var origin, hash string
	var tree tlog.Tree
	_, err = fmt.Sscanf(signed.Text, "%s\n%d\n%s\n", &origin, &tree.N, &hash)
	must(err)
	check(origin == verifier.Name(), "the checkpoint is of %s", origin)
	tree.Hash, err = tlog.ParseHash(hash)
	must(err)
	return tree
}

// folder reads tiles under their C2SP names, which leave out the height of the tile.
type folder string

func (f folder) Height() int                             { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, d [][]byte) {}
func (f folder) path(tile tlog.Tile) string {
	return filepath.Join(string(f), strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
}

func (f folder) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		bytes, err := os.ReadFile(f.path(tile))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

// entries are the hashes of all entries, from the bundles.
func (f folder) entries(size int64) (hashes []tlog.Hash) {
	for _, tile := range tlog.NewTiles(8, 0, size) {
		if tile.L != 0 {
			continue
		}
		bundle := read(strings.Replace(f.path(tile), "/tile/0/", "/tile/entries/", 1))
		for i := 0; i < tile.W; i++ {
			check(len(bundle) >= 2, "a bundle ends early")
			n := 2 + int(binary.BigEndian.Uint16(bundle))
			check(len(bundle) >= n, "a bundle ends early")
			hashes = append(hashes, tlog.RecordHash(bundle[2:n]))
			bundle = bundle[n:]
		}
		check(len(bundle) == 0, "a bundle has more than its entries")
	}
	return hashes
}

func verifyLog(key []byte, f folder, older string) {
	tree := open(key, read(filepath.Join(string(f), "checkpoint")))
	source := tlog.TileHashReader(tree, f)
	hashes := f.entries(tree.N)
	indexes := make([]int64, len(hashes))
	for i := range hashes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	leaves, err := source.ReadHashes(indexes)
	must(err)
	for i := range hashes {
		check(hashes[i] == leaves[i], "entry %d is not the one in the tree", i)
	}
	if older != "" {
		old := open(key, read(older))
		proof, err := tlog.ProveTree(tree.N, old.N, source)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	fmt.Printf("verified: %d entries, root %v\n", tree.N, tree.Hash)
}

func verifyProof(key, proof, entry []byte) {
	parts := bytes.SplitN(proof, []byte("\n\n"), 2)
	check(len(parts) == 2, "not a proof file")
	tree := open(key, parts[1])
	lines := strings.Split(string(parts[0]), "\n")
	check(len(lines) >= 2 && lines[0] == "c2sp.org/tlog-proof@v1", "not a proof file")
	var index int64
	_, err := fmt.Sscanf(lines[1], "index %d", &index)
	must(err)
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		path = append(path, hash)
	}
	must(tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	fmt.Printf("verified: entry %d of %d\n", index, tree.N)
}

func main() {
	check(len(os.Args) >= 3, "verify VKEY-FILE LOG-FOLDER [OLDER-CHECKPOINT], or verify VKEY-FILE PROOF ENTRY")
	key := read(os.Args[1])
	rest := append(os.Args[2:], "")
	if strings.HasSuffix(rest[0], ".tlog-proof") {
		verifyProof(key, read(rest[0]), read(rest[1]))
	} else {
		verifyLog(key, folder(rest[0]), rest[1])
	}
}
