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

// folder is where the tiles are, under their C2SP names, which leave out the height of the tile.
type folder string

func (f folder) read(tile tlog.Tile, kind string) []byte {
	return read(filepath.Join(string(f), strings.Replace(tile.Path(), fmt.Sprintf("tile/8/%d/", tile.L), "tile/"+kind+"/", 1)))
}

// tiles are those of a level in a tree of this size, the last one as wide as it is.
func tiles(level int, size int64) (tiles []tlog.Tile) {
	for rest := size >> (8 * level); rest > 0; rest -= 256 {
		tile := tlog.Tile{H: 8, L: level, N: int64(len(tiles)), W: 256}
		if rest < 256 {
			tile.W = int(rest)
		}
		tiles = append(tiles, tile)
	}
	return tiles
}

// hashes is a tree: its hashes in the order in which Go stores them.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, index := range indexes {
		found = append(found, h[index])
	}
	return found, nil
}

// grow adds an entry to the tree.
func (h *hashes) grow(index int64, entry []byte) {
	more, err := tlog.StoredHashes(index, entry, h)
	must(err)
	*h = append(*h, more...)
}

// The tree is built from the entries alone; then its root and every tile must be those of the log. (A TileHashReader would
// read fewer files, and version 0.7.0 leaves some of them unchecked.)
func verifyLog(key []byte, f folder, older string) {
	tree := open(key, read(filepath.Join(string(f), "checkpoint")))
	var built hashes
	for _, tile := range tiles(0, tree.N) {
		bundle := f.read(tile, "entries")
		for i := 0; i < tile.W; i++ {
			check(len(bundle) >= 2, "a bundle ends early")
			n := 2 + int(binary.BigEndian.Uint16(bundle))
			check(len(bundle) >= n, "a bundle ends early")
			built.grow(tile.N*256+int64(i), bundle[2:n])
			bundle = bundle[n:]
		}
		check(len(bundle) == 0, "a bundle has more than its entries")
	}
	root, err := tlog.TreeHash(tree.N, built)
	must(err)
	check(root == tree.Hash, "the entries have the root %v", root)
	for level := 0; level < 8; level++ {
		for _, tile := range tiles(level, tree.N) {
			data, err := tlog.ReadTileData(tile, built)
			must(err)
			check(bytes.Equal(data, f.read(tile, fmt.Sprint(level))), "%s differs", tile.Path())
		}
	}
	if older != "" {
		old := open(key, read(older))
		proof, err := tlog.ProveTree(tree.N, old.N, built)
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
