"""Offers checkpoints to a witness with the client of the PyPI package aics-witness, none of it ours:

    submit.py URL WITNESS-VKEY LOG-VKEY LOG-FOLDER CHECKPOINT...

Each checkpoint is offered twice: by a client that remembers, and by one that knows nothing and is told the size.
"""

import sys
from pathlib import Path

from aics_tlog import FileSystemTileReader, consistency_proof_from_tiles, parse_note, parse_vkey, verify_checkpoint
from aics_witness.feeder import WitnessClient, merge_cosignatures


def client(url, vkey):
    return WitnessClient(url, vkey, max_age_seconds=None, max_future_seconds=None, max_attempts=1)


def main(url, witness, log, folder, *checkpoints):
    tiles = FileSystemTileReader(folder)
    size = int(Path(folder, "checkpoint").read_text().split("\n")[1])
    remembering = client(url, witness)
    for path in checkpoints:
        note = Path(path).read_bytes()
        for asking in (remembering, client(url, witness)):
            lines = asking.submit(note, lambda old, new: consistency_proof_from_tiles(tiles, old, new, size))
            cosigned = parse_note(merge_cosignatures(note, lines))
            result = verify_checkpoint(cosigned, parse_vkey(log), [parse_vkey(witness)], 1)
            if not result.ok:
                sys.exit(f"REFUSED: {result.error}")
    print(f"cosigned: {len(checkpoints)} checkpoints")


try:
    main(*sys.argv[1:])
except Exception as error:
    sys.exit(f"REFUSED: {type(error).__name__}: {error}")
