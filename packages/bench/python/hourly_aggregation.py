"""The benchmark's hourly aggregation on Quix Streams: RocksDB, one process, a commit every 100 ms as the others' under
exactly once, defaults otherwise. Arguments: brokers, input topic, output topic, application id, records to process,
guarantee, state folder, and the files of the input's and the output's schema. Prints one line of JSON.

It sends each update on: there is no cache that keeps all but the last one of a commit, as Kafka Streams' does.
"""

import json
import resource
import sys
import threading
import time

from quixstreams import Application
from quixstreams.dataframe.windows import aggregations
from quixstreams.models.serializers.avro import AvroDeserializer, AvroSerializer

HOUR_MS = 3_600_000
# Confluent's framing, read and written without a registry as the JVM's program does: a magic 0 and a schema id.
FRAMING = 5
HEAD = bytes([0, 0, 0, 0, 2])


class FramedReader(AvroDeserializer):
    def __call__(self, value, ctx):
        return super().__call__(value[FRAMING:], ctx)


class FramedWriter(AvroSerializer):
    def __call__(self, value, ctx):
        return HEAD + super().__call__(value, ctx)


def read_schema(path):
    with open(path, encoding="utf8") as file:
        return json.load(file)


class Clocks:
    """Time and processor time since the first record."""

    def __init__(self):
        self.begun = False
        self.first = 0.0
        self.first_cpu = 0.0

    def record(self, _value):
        if not self.begun:
            self.begun = True
            self.first_cpu = time.process_time()
            self.first = time.perf_counter()

    def measured(self, records):
        seconds = time.perf_counter() - self.first
        cpu_seconds = time.process_time() - self.first_cpu
        return {
            "recordsPerSecond": round(records / seconds),
            "cpuMicrosPerRecord": round(cpu_seconds * 1e6 / records, 3),
        }


def total(window, key, _timestamp, _headers):
    return {
        "subLocationId": key,
        "hour": window["start"],
        "bookingsCount": window["bookingsCount"],
        "totalAttendees": window["totalAttendees"],
    }


def main():
    brokers, source, sink, application_id, records, guarantee, state_folder, booking_event, hourly = sys.argv[1:]
    app = Application(
        broker_address=brokers,
        consumer_group=application_id,
        auto_offset_reset="earliest",
        processing_guarantee=guarantee.replace("_", "-"),
        commit_interval=0.1,
        state_dir=state_folder,
        loglevel="WARNING",
    )
    clocks = Clocks()
    bookings = app.topic(source, key_deserializer="str", value_deserializer=FramedReader(read_schema(booking_event)))
    totals = app.topic(sink, key_serializer="str", value_serializer=FramedWriter(read_schema(hourly)))
    (
        app.dataframe(bookings)
        .update(clocks.record)
        .tumbling_window(HOUR_MS, grace_ms=HOUR_MS, name="hourly")
        .agg(bookingsCount=aggregations.Count(), totalAttendees=aggregations.Sum("attendees"))
        .current()
        .apply(total, metadata=True)
        .to_topic(totals)
    )
    measured = {}

    def stop_when_told():
        # A line: all is committed. The end of the input: whoever started this is gone.
        sys.stdin.readline()
        measured.update(clocks.measured(int(records)))
        app.stop()

    threading.Thread(target=stop_when_told, daemon=True).start()
    app.run()
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**measured, "peakRssBytes": peak_kib * 1024}), flush=True)


main()
