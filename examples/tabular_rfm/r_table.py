#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes a data frame that an R package ships as CSV, without R.

  r_table.py FILE NAME > table.csv

FILE is a saved image (.rda, .RData) or a package's lazy-load database (.rdb, with its index .rdx beside it), NAME the
data frame in it. Both hold serialised objects in XDR, big-endian, compressed: R Core Team, R Internals, 1.8
"Serialization Formats". Read are what data frames are made of: numbers, texts, factors, lists. Other types end the
program with a message.
"""

import bz2
import csv
import gzip
import lzma
import pathlib
import struct
import sys
import zlib

# Types of objects, as R's sources number them (SEXPTYPE)
SYMBOL, PAIRLIST, CHARACTERS, LOGICAL, INTEGER, REAL, STRINGS, LIST = 1, 2, 9, 10, 13, 14, 16, 19
EMPTY_ENVIRONMENT, GLOBAL_ENVIRONMENT, NIL, REFERENCE = 242, 253, 254, 255
MISSING_INTEGER = -(2**31)


class Vector(list):
    """Values with attributes, such as the names of a list or the levels of a factor."""

    def __init__(self, values, attributes):
        super().__init__(values)
        self.attributes = attributes

    def by_name(self):
        return dict(zip(self.attributes["names"], self))


class Reader:
    def __init__(self, data):
        if data[:5] in (b"RDX2\n", b"RDX3\n"):
            data = data[5:]
        if data[:2] != b"X\n":
            raise ValueError("not a serialised R object in XDR")
        self.data, self.at, self.symbols = data, 2, []
        version = self.integer()
        self.at += 8  # versions of R that wrote it and that can read it
        if version == 3:
            encoding = self.integer()  # length of its name
            self.at += encoding

    def numbers(self, code, count):
        values = struct.unpack_from(f">{count}{code}", self.data, self.at)
        self.at += struct.calcsize(f">{count}{code}")
        return values

    def integer(self):
        return self.numbers("i", 1)[0]

    def item(self):
        flags = self.integer()
        kind, has_attributes = flags & 0xFF, bool(flags & 0x200)
        if kind in (NIL, GLOBAL_ENVIRONMENT, EMPTY_ENVIRONMENT):
            return None
        if kind == REFERENCE:
            return self.symbols[(flags >> 8 or self.integer()) - 1]
        if kind == SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == PAIRLIST:
            return self.pairs(flags)
        length = self.integer()
        if kind == CHARACTERS:
            if length < 0:
                return None  # a missing text
            self.at += length
            return self.data[self.at - length : self.at].decode()
        if kind in (LOGICAL, INTEGER):
            values = [None if v == MISSING_INTEGER else v for v in self.numbers("i", length)]
        elif kind == REAL:
            values = self.numbers("d", length)
        elif kind in (STRINGS, LIST):
            values = [self.item() for _ in range(length)]
        else:
            raise ValueError(f"objects of type {kind} are not read")
        return Vector(values, self.item() if has_attributes else {})

    def pairs(self, flags):
        """A linked list of tagged values, as a dictionary."""
        out = {}
        while flags & 0xFF == PAIRLIST:
            if flags & 0x200:
                self.item()  # attributes of the list itself
            name = self.item() if flags & 0x400 else len(out)
            out[name] = self.item()
            flags = self.integer()
        return out


def decompressed(data):
    for magic, function in ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ", lzma.decompress)):
        if data.startswith(magic):
            return function(data)
    return zlib.decompress(data)


def record_data(record):
    """A record of a lazy-load database: its length once decompressed, a letter for xz and bzip2, and the rest."""
    if record[4:5] == b"Z":
        filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
        return lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=filters).decompress(record[5:])
    return bz2.decompress(record[5:]) if record[4:5] == b"2" else zlib.decompress(record[4:])


def objects(file, name):
    """The object of that name, and the names there are."""
    if file.suffix != ".rdb":
        found = Reader(decompressed(file.read_bytes())).item()
        return found.get(name), list(found)
    index = Reader(decompressed(file.with_suffix(".rdx").read_bytes())).item().by_name()
    places = index["variables"].by_name()
    if name not in places:
        return None, list(places)
    begin, length = map(int, places[name])
    return Reader(record_data(file.read_bytes()[begin : begin + length])).item(), list(places)


def column(values):
    levels = values.attributes.get("levels")
    return [None if v is None else levels[v - 1] for v in values] if levels else values


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    file, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    frame, names = objects(file, name)
    if frame is None:
        sys.exit(f"{file}: no object is named {name}; there are {', '.join(names)}")
    columns = frame.by_name()
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    out.writerows(zip(*map(column, columns.values())))


if __name__ == "__main__":
    main()
