"""Reads the calendars of the service as a program that subscribes to them would, with a parser that others wrote.

    calendars.py BINARY

BINARY is the program, whose sample data are served from a new database, with a few tasks more, since no task of the press has
a deadline. Checked are the octets of every line, and each entry against its record as JSON.
"""

import datetime
import os
import re
import subprocess
import sys
import tempfile
import threading

import httpx
from icalendar import Calendar

ADDRESS = "https://tracker.example"
TODAY = datetime.date.today()
SOON = TODAY + datetime.timedelta(days=30)
TASKS = [
    {"content": "Rà soát; giải quyết, báo cáo\\ các vụ việc \"phức tạp\".\nBáo cáo kết quả.", "state": "in_progress"},
    {"content": "Ban hành kế hoạch thực hiện, " + "phân công cụ thể từng đơn vị " * 20},
    {"content": "Kiểm tra việc thực hiện.", "state": "completed", "completed_on": str(TODAY)},
    {"content": "Tổng hợp.", "state": "cancelled", "state_reason": "Không còn phù hợp."},
]
STATUSES = {"in_progress": "IN-PROCESS", "not_started": "NEEDS-ACTION", "completed": "COMPLETED", "cancelled": "CANCELLED"}


class Service:
    """The program, serving its sample data."""

    def __init__(self, binary, folder):
        secret = ["--secret-file", f"{folder}/secret"]
        arguments = ["serve", "--sample", "--listen", "127.0.0.1:0", "--public-url", ADDRESS, *secret]
        arguments += ["--database-url", f"sqlite:{folder}/tracker.db"]
        self.process = subprocess.Popen([binary, *arguments], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"serving .* on (http://[0-9.:]+)", line):
                self.url = found.group(1)
                break
        else:
            sys.exit("the server did not start")
        # A log that nobody reads would fill its pipe and stop the server.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.token = subprocess.run(
            [binary, "token", "--subject", "calendars", *secret], stdout=subprocess.PIPE, check=True, text=True
        ).stdout.strip()

    def create_task(self, fields):
        task = {"deadline_kind": "fixed_date", "due_on": str(SOON), **fields}
        answer = httpx.post(f"{self.url}/v1/tasks", json=task, headers={"Authorization": f"Bearer {self.token}"})
        answer.raise_for_status()

    def records(self, path):
        answer = httpx.get(f"{self.url}{path}", params={"limit": 200})
        answer.raise_for_status()
        return {record["id"]: record for record in answer.json()["data"]}

    def entries(self, path):
        """The entries by the number of their record, and how many alarms each has."""
        answer = httpx.get(f"{self.url}{path}")
        answer.raise_for_status()
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8", answer.headers
        lines = answer.content.split(b"\r\n")
        assert lines.pop() == b"", "the last line has an end"
        assert all(len(line) <= 75 and b"\n" not in line for line in lines), path
        for line in lines:
            line.decode()
        calendar = Calendar.from_ical(answer.content)
        assert calendar["VERSION"] == "2.0" and calendar["PRODID"], path
        entries = {}
        for entry in calendar.walk():
            if entry.name in ("VEVENT", "VTODO"):
                assert not entry.errors, entry.errors
                name = re.fullmatch(r"(.+)@[0-9a-f]{16}\.directive-tracker", entry["UID"])[1]
                number = int(number[1]) if (number := re.fullmatch(r"(?:conference|task)-(\d+)", name)) else name
                assert number not in entries, f"{entry['UID']} stands twice"
                assert entry.decoded("DTSTAMP").tzinfo is not None
                entries[number] = entry
        return entries

    def stop(self):
        self.process.terminate()
        self.process.wait()


def check_conferences(service):
    records = service.records("/v1/conferences")
    entries = service.entries("/v1/conferences.ics")
    assert set(entries) == {number for number, record in records.items() if record["held_from"]}
    for number, entry in entries.items():
        record = records[number]
        assert str(entry["SUMMARY"]) == record["name"], number
        assert str(entry.get("LOCATION", "")) == (record["place"] or ""), number
        assert str(entry["URL"]) == f"{ADDRESS}{record['url']}", number
        assert entry["SEQUENCE"] == record["version"] - 1, number
        first = datetime.date.fromisoformat(record["held_from"])
        last = datetime.date.fromisoformat(record["held_to"] or record["held_from"])
        assert entry.decoded("DTSTART") == first, number
        assert entry.decoded("DTEND") == last + datetime.timedelta(days=1), number
    return len(entries)


def check_tasks(service):
    for task in TASKS:
        service.create_task(task)
    records = service.records("/v1/tasks")
    entries = service.entries("/v1/tasks.ics?alarm_days=3")
    assert set(entries) == {number for number, record in records.items() if record["effective_due_on"]}
    assert len(entries) == len(TASKS)
    for number, entry in entries.items():
        record = records[number]
        assert entry.name == "VTODO" and entry.decoded("DUE") == SOON, number
        assert str(entry["STATUS"]) == STATUSES[record["state"]], number
        first, *more = record["content"].split("\n")
        assert first.startswith(str(entry["SUMMARY"]).removesuffix("…")), number
        assert not more or record["content"] in str(entry["DESCRIPTION"]), number
        alarms = [part for part in entry.subcomponents if part.name == "VALARM"]
        still = record["state"] in ("in_progress", "not_started")
        assert len(alarms) == (1 if still else 0), number
        for alarm in alarms:
            # Eight in the morning, three days before.
            assert alarm.decoded("TRIGGER") == datetime.timedelta(days=-3, hours=8), alarm
            assert alarm["TRIGGER"].params["RELATED"] == "END", alarm
    events = service.entries("/v1/tasks.ics?entries=event")
    assert {entry.name for entry in events.values()} == {"VEVENT"} and set(events) == set(entries)
    return len(entries)


def check_reviews(service):
    answer = httpx.get(f"{service.url}/v1/reviews/due", params={"year": 2027})
    answer.raise_for_status()
    reviews = answer.json()["reviews"]
    entries = service.entries("/v1/reviews/due.ics?year=2027")
    assert [entry.decoded("DUE").isoformat() for entry in entries.values()] == [review["on"] for review in reviews]
    for entry, review in zip(entries.values(), reviews):
        assert str(entry["SUMMARY"]).endswith(review["document"]["title"]), entry
        assert str(entry["STATUS"]) == "NEEDS-ACTION", "no review of 2027 has been held"
    return len(entries)


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        service = Service(binary, folder)
        try:
            counts = check_conferences(service), check_tasks(service), check_reviews(service)
            empty = service.entries("/v1/conferences.ics?held_from=2199-12-31")
            assert empty == {}, "a calendar without entries can be read too"
        finally:
            service.stop()
    print("%d conferences, %d tasks, %d reviews" % counts)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
