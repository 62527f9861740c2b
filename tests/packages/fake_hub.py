"""A Hub of one's own: an HTTP server with the endpoints that huggingface_hub uses, and faults on demand."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "c0ffee" + "0" * 34


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


@dataclass
class FakeHub:
    """files: what each repository holds. cut: how many bytes of a file are sent before the line drops."""

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    licence: str = "apache-2.0"
    gated: set[str] = field(default_factory=set)
    cut: dict[str, int] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    ranges: list[tuple[str, str]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    url: str = ""

    def describe(self, repo: str) -> dict[str, Any]:
        siblings = []
        for path, data in self.files[repo].items():
            entry: dict[str, Any] = {"rfilename": path, "size": len(data), "blobId": git_sha1(data)}
            if len(data) > 1000:
                entry["lfs"] = {
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "size": len(data),
                    "pointerSize": 134,
                }
            siblings.append(entry)
        return {
            "_id": "1", "id": repo, "modelId": repo, "sha": COMMIT, "siblings": siblings, "private": False,
            "gated": False, "disabled": False, "downloads": 0, "likes": 0,
            "tags": [f"license:{self.licence}"],
            "cardData": {"license": self.licence}, "createdAt": "2024-01-01T00:00:00.000Z",
        }  # fmt: skip


def handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def fail(self, status: int, code: str) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("X-Error-Message", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

        def answer(self, *, body: bool) -> None:
            parts = self.path.partition("?")[0].strip("/").split("/")
            if parts[0] == "api":
                repo, rest = "/".join(parts[2:4]), parts[4:]
                revision = rest[1] if rest[:1] == ["revision"] else "main"
            else:
                repo, revision, rest = "/".join(parts[:2]), parts[3], parts[4:]
            if repo in hub.gated:
                return self.fail(403, "GatedRepo")
            if repo not in hub.files:
                return self.fail(401 if "private" in repo else 404, "RepoNotFound")
            if revision not in ("main", "v1", COMMIT):
                return self.fail(404, "RevisionNotFound")
            if parts[0] == "api":
                return self.send(json.dumps(hub.describe(repo)).encode(), "application/json", body)
            path = "/".join(rest)
            if path not in hub.files[repo]:
                return self.fail(404, "EntryNotFound")
            return self.send_file(path, hub.files[repo][path], body)

        def send(self, data: bytes, kind: str, body: bool) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if body:
                self.wfile.write(data)

        def send_file(self, path: str, data: bytes, body: bool) -> None:
            tag = hashlib.sha256(data).hexdigest() if len(data) > 1000 else git_sha1(data)
            asked, start = self.headers.get("Range"), 0
            if body:
                hub.sent.append(path)
            if asked and body:
                hub.ranges.append((path, asked))
                start = int(asked.removeprefix("bytes=").partition("-")[0])
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{tag}"')
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            if not body:
                return
            if path in hub.altered:
                data = data[:-1] + bytes([data[-1] ^ 1])
            end = hub.cut.get(path, len(data))
            self.wfile.write(data[start : max(start, end)])
            if end < len(data):
                self.close_connection = True
                self.wfile.flush()
                self.connection.close()

    return Handler


@contextmanager
def running(hub: FakeHub) -> Iterator[FakeHub]:
    """The server on a free port of this machine, for the length of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(hub))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
