"""A headless Chromium driven over its own pipe (Chrome DevTools Protocol), so that the tests need no driver."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

_PATIENCE = 60.0  #: seconds to wait for an answer
_KEYS = {"+": ("Equal", 187), "-": ("Minus", 189), "0": ("Digit0", 48), "Enter": ("Enter", 13), "Tab": ("Tab", 9),
         "ArrowLeft": ("ArrowLeft", 37), "ArrowUp": ("ArrowUp", 38), "ArrowRight": ("ArrowRight", 39),
         "ArrowDown": ("ArrowDown", 40), "Escape": ("Escape", 27), " ": ("Space", 32)}  # fmt: skip


class Browser:
    """One tab. messages: what the console and failures of the page say; requests: what it asks of a network."""

    def __init__(self, program: str, profile: Path):
        to_it, ours = os.pipe()
        theirs, from_it = os.pipe()
        for end in (to_it, from_it):
            os.set_inheritable(end, True)
        self._write, self._read = ours, theirs
        options = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
                   "--disable-dev-shm-usage", "--disable-background-networking",
                   f"--user-data-dir={profile}"]  # fmt: skip
        shell = f'exec "$0" "$@" 3<&{to_it} 4>&{from_it}'
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(["bash", "-c", shell, program, *options], pass_fds=(to_it, from_it), **quiet)
        os.close(to_it)
        os.close(from_it)
        self._buffer, self._last, self._session = b"", 0, None
        self.messages: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters):
        """Send a command and return its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._last:
                assert "error" not in answer, answer["error"]
                return answer["result"]

    def _next(self):
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], _PATIENCE)
            found = os.read(self._read, 1 << 20) if ready else b""
            assert found, "Chromium does not answer"
            self._buffer += found
        text, _, self._buffer = self._buffer.partition(b"\0")
        answer = json.loads(text)
        told = answer.get("params", {})
        if answer.get("method") == "Runtime.exceptionThrown":
            self.messages.append(str(told["exceptionDetails"]))
        elif answer.get("method") == "Runtime.consoleAPICalled":
            self.messages.append(str(told["args"]))
        elif answer.get("method") == "Log.entryAdded":
            self.messages.append(str(told["entry"]))
        elif answer.get("method") == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        return answer

    def open(self, address: str, width: int = 1280, height: int = 900, *, phone: bool = False) -> None:
        """Load a page in a window of this size."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone, maxTouchPoints=2 if phone else 1)
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && document.querySelector('#regions path') !== null")

    def ask(self, expression: str):
        """Return the value of an expression in the page, after what is drawn for it."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def settle(self) -> None:
        """Wait for two frames and for the address."""
        self.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 200))))")

    def until(self, expression: str) -> None:
        """Wait until an expression holds."""
        end = time.monotonic() + _PATIENCE
        while not self.ask(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.02)
        self.settle()

    def mouse(self, kind: str, x: float, y: float, *, buttons: int = 0, **more) -> None:
        """Send one event of the mouse: Moved, Pressed, Released or Wheel."""
        button = {"button": "left", "clickCount": 1} if kind in ("Pressed", "Released") else {}
        self.call("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, buttons=buttons, **button, **more)

    def click(self, x: float, y: float) -> None:
        """Move there, press and release."""
        self.mouse("Moved", x, y)
        self.mouse("Pressed", x, y, buttons=1)
        self.mouse("Released", x, y)
        self.settle()

    def key(self, key: str, *, shift: bool = False) -> None:
        """Press a key."""
        code, number = _KEYS[key]
        common = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": 8 if shift else 0}
        text = {"text": {"Enter": "\r"}.get(key, key)} if len(key) == 1 or key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        self.settle()

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Send one event of fingers: Start, Move or End."""
        at = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)]
        self.call("Input.dispatchTouchEvent", type=f"touch{kind}", touchPoints=at)

    def screenshot(self, path: Path, *, whole: bool = False) -> None:
        """Write what is seen as PNG."""
        picture = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(picture["data"]))

    def close(self) -> None:
        """End the program and wait for it."""
        os.write(self._write, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
        self._process.wait(_PATIENCE)
        os.close(self._write)
        os.close(self._read)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A headless Chromium for all tests; they are skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium here (Debian: apt-get install chromium): the page is not tried in a browser")
    opened = Browser(program, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()
