"""Verifies a log with the PyPI package aics-tlog, none of it ours:

    verify.py VKEY-FILE LOG-FOLDER [OLDER-CHECKPOINT]   the whole log, and that it extends an older one
"""

import sys
from pathlib import Path

from aics_tlog import (
    FileSystemTileReader,
    audit_tiles,
    consistency_proof_from_tiles,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verify_checkpoint,
    verify_consistency,
)


def opened(key, path):
    """The checkpoint in a file, once the log's signature on it has been verified."""
    note = parse_note(path.read_bytes())
    result = verify_checkpoint(note, key, expected_origin=key.name)
    if not result.log_ok:
        sys.exit(f"REFUSED: {result.error}")
    return parse_checkpoint(note.text)


def main(vkey, folder, older=None):
    key = parse_vkey(Path(vkey).read_text().strip())
    checkpoint = opened(key, Path(folder) / "checkpoint")
    tiles = FileSystemTileReader(folder)
    report = audit_tiles(tiles, checkpoint.size, checkpoint.root)
    if older:
        old = opened(key, Path(older))
        proof = consistency_proof_from_tiles(tiles, old.size, checkpoint.size, checkpoint.size)
        if not verify_consistency(old.size, checkpoint.size, old.root, checkpoint.root, proof):
            sys.exit("REFUSED: the log does not extend the older checkpoint")
    print(f"verified: {report.size} entries in {report.tiles} tiles and {report.bundles} bundles")


try:
    main(*sys.argv[1:])
except Exception as error:
    sys.exit(f"REFUSED: {type(error).__name__}: {error}")
