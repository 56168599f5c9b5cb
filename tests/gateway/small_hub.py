"""A small hub on loopback that answers the real SDK, and misbehaves when told to.

It keeps what it is sent as it is and knows no workflow; the local hub of the product does.
"""

import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "canary-7f3e9d1c5b"


class SmallHub:
    """Start it with `with SmallHub() as hub`.

    `faults[endpoint]` is a list of things to do to the next requests, one each: an int is a status
    code, a tuple (status, headers, body), or a word: cut, html, hang, nodata.
    """

    def __init__(self):
        self.requests, self.faults, self.projects, self.tasks = [], {}, {}, {}
        self.histories = {}
        self.export, self.export_link, self.cuts, self.ranges = None, None, [], True
        self.most_at_once, self._now, self.delay, self.etag = 0, 0, 0.0, '"v1"'
        self.lock, self.woken = threading.Lock(), threading.Event()
        self.after_write = lambda project: None

    def __enter__(self):
        hub = self

        class Handler(_Handler):
            world = hub

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.woken.set()
        self.server.shutdown()
        self.server.server_close()

    def count(self, endpoint):
        return sum(path.startswith(endpoint) for _, path, _ in self.requests)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer({})

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        self.answer(json.loads(self.rfile.read(size)))

    def answer(self, body):
        hub = self.world
        url = urllib.parse.urlsplit(self.path)
        query = {k: v[-1] for k, v in urllib.parse.parse_qs(url.query).items()}
        with hub.lock:
            hub.requests.append((self.command, self.path, dict(self.headers)))
            hub._now += 1
            hub.most_at_once = max(hub.most_at_once, hub._now)
            faults = next((f for e, f in hub.faults.items() if url.path.startswith(e)), None)
            fault = faults.pop(0) if faults else None
        try:
            time.sleep(hub.delay)
            if fault is not None and self.misbehave(fault):
                return None
            if url.path == "/file":
                return self.send_file()
            if self.headers.get("apikey") != KEY:
                return self.send(401, {"status": "fail", "message": "Invalid API key"})
            found = self.route(self.command, url.path, query, body)
            if found is None:
                return self.send(404, {"status": "fail", "message": f"No {url.path} here"})
            self.send(200, {"status": "success", "data": found})
        finally:
            with hub.lock:
                hub._now -= 1

    def misbehave(self, fault):
        if fault == "cut":
            self.cut()
        elif fault == "html":
            self.send_bytes(200, b"<html>Please log in</html>", {"Content-Type": "text/html"})
        elif fault == "nodata":
            self.send(200, ["what"])
        elif fault == "hang":
            self.world.woken.wait(20)
            self.close_connection = True
        elif isinstance(fault, tuple):
            self.send_bytes(fault[0], fault[2].encode(), fault[1])
        else:
            key = self.headers.get("apikey")  # a hub that is careless with what it was sent
            self.send(fault, {"status": "fail", "message": f"No, {key}: {self.path}"})
        return True

    def cut(self):
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def send(self, status, data):
        self.send_bytes(status, json.dumps(data).encode(), {"Content-Type": "application/json"})

    def send_bytes(self, status, data, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_file(self):
        hub, data = self.world, self.world.export
        wanted = re.match(r"bytes=(\d+)-", self.headers.get("Range") or "")
        at = int(wanted[1]) if wanted and hub.ranges else 0
        if self.headers.get("If-Range", hub.etag) != hub.etag:
            at = 0
        self.send_response(206 if at else 200)
        self.send_header("Content-Length", str(len(data) - at))
        self.send_header("ETag", hub.etag)
        if at:
            self.send_header("Content-Range", f"bytes {at}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        until = hub.cuts.pop(0) if hub.cuts else len(data)
        self.wfile.write(data[at:until])
        if until < len(data):
            self.wfile.flush()
            time.sleep(0.05)  # what was written shall arrive before the reset
            self.cut()

    def route(self, method, path, query, body):
        hub = self.world
        page, limit = int(query.get("page", 1)), int(query.get("limit", 10))
        part = slice((page - 1) * limit, page * limit)
        if path == "/v2/listProjects":
            rows = list(hub.projects.values())
            return {"projects": rows[part], "total": len(rows)}
        if path == "/v2/export":
            if hub.export is None or query["project"] not in hub.projects:
                return None
            return {"exportPath": hub.export_link or f"{hub.url}/file?signature=abc"}
        if found := re.fullmatch(r"/v2/task/(\w+)/history", path):
            history = hub.histories.get(found[1])
            return None if history is None else {"taskHistory": history}
        found = re.fullmatch(r"/v2/project/(\w+)(?:/(\w+))?", path)
        project = hub.projects.get(found[1]) if found else None
        if project is None:
            return None
        if found[2] == "tasks":
            rows = hub.tasks[found[1]]
            return {"tasks": rows[part], "total": len(rows)}
        if found[2] is None and method == "GET":
            return {"project": project}
        if found[2] is None:
            project.update(body)
            hub.after_write(project)
            return {"project": project}
        return None
