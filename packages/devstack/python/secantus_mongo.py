"""A MongoDB for tests: SecantusDB (PyPI `secantusdb`, WiredTiger inside) on 127.0.0.1.

It looks at every document where a filter has `$or` or a guard beside the keys of an index, or where the index is
partial; MongoDB does not, so neither does this. Each candidate is still matched against the whole filter.

SecantusDB is under the GPL: it runs as a test process of its own, and goes into no image and no published package.
"""

import argparse
import datetime
import signal
import threading
from collections.abc import Mapping

import secantus.server as server
from bson import ObjectId
from bson.int64 import Int64
from secantus.storage import COMPOUND_SEP, Storage, encode_value_directed

SCALARS = (str, bool, int, float, Int64, ObjectId, datetime.datetime)


def names_values(clause):
    """An equality with something, or an `$in` of such: what matches has the field."""
    if isinstance(clause, Mapping):
        values = clause.get("$in")
        return isinstance(values, list) and all(isinstance(value, SCALARS) for value in values)
    return isinstance(clause, SCALARS)


class IndexedStorage(Storage):
    @staticmethod
    def _query_implies_partial(query, partial):
        rest = {
            field: clause
            for field, clause in partial.items()
            if not (clause == {"$exists": True} and field in query and names_values(query[field]))
        }
        return Storage._query_implies_partial(query, rest)

    def _try_index_id_keys(self, db, coll, filter, *, collation=None):
        def ask(part):
            return Storage._try_index_id_keys(self, db, coll, part, collation=collation)

        plain = {field: clause for field, clause in filter.items() if not field.startswith("$")}
        if len(plain) > 1 or len(plain) < len(filter):
            values = {field: clause for field, clause in plain.items() if isinstance(clause, SCALARS)}
            if "_id" in values:
                found = ask({"_id": values["_id"]})
                if found is not None:
                    return found
            partials = self._partial_filters(db, coll)
            options = self._index_options_map(db, coll)
            for name, keys, _sparse, _unique in self._all_indexes(db, coll):
                if (
                    collation is None
                    and options.get(name, {}).get("collation") is None
                    and keys
                    and all(field in values and way in (1, -1) for field, way in keys.items())
                    and self._query_implies_partial(values, partials.get(name) or {})
                ):
                    parts = [encode_value_directed(values[field], int(way)) for field, way in keys.items()]
                    return self._scan_index_for_id_keys(db, coll, name, COMPOUND_SEP.join(parts))
        return ask(plain)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--ttl-seconds", type=float, default=60.0, help="between two looks for expired documents")
    options.add_argument("--standalone", action="store_true", help="no replica set: no transactions")
    options.add_argument("--storage", default=":memory:", help="a folder; without it all is in memory")
    options.add_argument("--sync-on-commit", action="store_true", help="what is acknowledged outlives a kill")
    asked = options.parse_args()
    server.Storage = IndexedStorage
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with server.SecantusDBServer(
        host="127.0.0.1",
        port=asked.port,
        storage_path=asked.storage,
        ttl_sweep_seconds=asked.ttl_seconds,
        cache_size="256M",
        replica_set_name=None if asked.standalone else "secantus",
        sync_on_commit=asked.sync_on_commit,
        enable_test_commands=True,
    ):
        print(f"listening on 127.0.0.1:{asked.port}", flush=True)
        stop.wait()


main()
