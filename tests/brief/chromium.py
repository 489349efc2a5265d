"""A Chromium driven over its own pipe: no further library, no port, no network."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FOUND = next((path for name in NAMES if (path := shutil.which(name))), None)
PATIENCE = 60.0
QUIET = 0.3

Message = dict[str, Any]


class Chromium:
    """One page in a browser that can reach nothing; what it asks for and complains of is kept.

    Attributes
    ----------
    requests
        Addresses that the page asked for, its own apart.
    complaints
        What it wrote to the console as an error or a warning, refused requests, and exceptions.
    """

    def __init__(self) -> None:
        assert FOUND is not None, "no Chromium on the path"
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        down_read, down_write = os.pipe()
        up_read, up_write = os.pipe()
        command = [
            FOUND, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking",
            "--hide-scrollbars", f"--user-data-dir={self.profile.name}", "about:blank",
        ]  # fmt: skip
        os.set_inheritable(down_read, True)
        os.set_inheritable(up_write, True)
        # The browser reads commands from its third descriptor and writes answers to its fourth.
        shell = f'exec "$0" "$@" 3<&{down_read} 4>&{up_write}'
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", shell, *command], pass_fds=(down_read, up_write),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(down_read)
        os.close(up_write)
        os.set_blocking(up_read, False)
        self._write, self._read = down_write, up_read
        self._rest = b""
        self._number = 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        os.close(self._write)
        os.close(self._read)
        self.profile.cleanup()

    def call(self, method: str, **parameters: Any) -> Message:
        """Give a command and wait for its answer."""
        self._number += 1
        message: Message = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while True:
            for answer in self._messages(until):
                if answer.get("id") == self._number:
                    assert "error" not in answer, f"{method}: {answer['error']}"
                    return dict(answer["result"])

    def _messages(self, until: float) -> list[Message]:
        while b"\0" not in self._rest:
            assert time.monotonic() < until, "the browser does not answer"
            assert self.process.poll() is None, "the browser has ended"
            try:
                self._rest += os.read(self._read, 1 << 20)
            except BlockingIOError:
                time.sleep(0.005)
        *whole, self._rest = self._rest.split(b"\0")
        found = [json.loads(part) for part in whole]
        for message in found:
            self._note(message)
        return found

    def _note(self, message: Message) -> None:
        said = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(said["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(said["exceptionDetails"].get("exception", said)))
            case "Runtime.consoleAPICalled" if said["type"] in ("error", "warning", "assert"):
                self.complaints.append(str([part.get("value", part) for part in said["args"]]))
            case "Log.entryAdded" if said["entry"]["level"] in ("error", "warning"):
                self.complaints.append(said["entry"]["text"])

    def value(self, expression: str) -> Any:
        """Return what an expression is in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def size(self, width: int, height: int = 900) -> None:
        """Give the page a screen."""
        phone = width < 500
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def look(self, scheme: str = "light", media: str = "") -> None:
        """Give the page a reader who wants light or dark, or paper."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def scripts(self, allowed: bool) -> None:
        """Let scripts run or not, from the next page on."""
        self.call("Emulation.setScriptExecutionDisabled", value=not allowed)

    def open(self, page: Path, *, drawn: bool = True) -> None:
        """Open a file, and wait until its figures are drawn."""
        self.call("Page.navigate", url=page.as_uri())
        until = time.monotonic() + PATIENCE
        done = (
            "document.documentElement?.dataset.figures === 'drawn'" if drawn else "document.readyState === 'complete'"
        )
        while not self.value(f"location.href !== 'about:blank' && {done}"):
            assert time.monotonic() < until, f"the figures are not drawn: {self.complaints}"
            time.sleep(0.05)
        time.sleep(QUIET)
        own = page.as_uri()
        self.requests = [url for url in self.requests if url.partition("#")[0] != own]

    def picture(self, path: Path, clip: Message | None = None) -> None:
        """Save the whole page, or a part of it, as a picture."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        area = clip or {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16_000)}
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip={**area, "scale": 1})
        path.write_bytes(base64.b64decode(shot["data"]))

    def paper(self) -> bytes:
        """Return the page as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])
