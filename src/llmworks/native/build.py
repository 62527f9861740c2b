"""Compile the C sources of this folder on first use and bind them with ctypes.

    native/*.c  --cc -O3 -march=native-->  <cache>/native/<name>-<key>.so  -->  ctypes.CDLL

The key is a hash of the sources, the compiler's version, the flags and the processor's features, so an
upgrade of any of them builds anew and machines that share a home folder do not share a library. As in
Triton and Inductor the library lives in the user's cache: `$LLMWORKS_CACHE`, or `~/.cache/llmworks`.

Where there is no compiler, or `LLMWORKS_NO_NATIVE=1` is set, `load_library` returns None and the caller's
Python path serves; one line on standard error says so, once.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE_DIR = Path(__file__).parent
FLAGS = ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread")
LIBRARIES = ("-lm", "-lpthread")


def cache_dir() -> Path:
    """The user's cache folder of llmworks (not made here)."""
    if root := os.environ.get("LLMWORKS_CACHE"):
        return Path(root)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "llmworks"


def find_compiler() -> str | None:
    """Path of the C compiler: `$CC`, or the first of cc, gcc, clang on the path; None without one."""
    candidates = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc", "clang"]
    return next((found for name in candidates if (found := shutil.which(name))), None)


@functools.cache
def load_library(name: str, *sources: str) -> ctypes.CDLL | None:
    """Build (once) and load the shared library `name` from `sources`, file names in this folder.

    Headers of this folder count into the key too. Returns None where it cannot be built; the reason goes
    to standard error.
    """
    if os.environ.get("LLMWORKS_NO_NATIVE") == "1":
        return None
    compiler = find_compiler()
    if compiler is None:
        _warn_once("no C compiler (cc, gcc or clang) on this machine")
        return None
    target = cache_dir() / "native" / f"{name}-{_key(compiler, sources)}.so"
    try:
        if not target.exists():
            _compile(compiler, sources, target)
        return ctypes.CDLL(str(target))
    except subprocess.CalledProcessError as error:
        _warn_once(f"{compiler} failed on {', '.join(sources)}:\n{error.stderr.strip()}")
    except OSError as error:
        _warn_once(str(error))
    return None


@functools.cache
def _warn_once(reason: str) -> None:
    print(f"llmworks: native code is off, slower Python serves: {reason}", file=sys.stderr)


def _compile(compiler: str, sources: tuple[str, ...], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Built beside its place and moved in one step: two processes that build at once do no harm.
    handle, partial = tempfile.mkstemp(dir=target.parent, suffix=".partial")
    os.close(handle)
    paths = [str(SOURCE_DIR / source) for source in sources]
    try:
        subprocess.run(
            [compiler, *FLAGS, *paths, "-o", partial, *LIBRARIES], check=True, capture_output=True, text=True
        )
        os.replace(partial, target)
    finally:
        Path(partial).unlink(missing_ok=True)


def _key(compiler: str, sources: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in [SOURCE_DIR / source for source in sources] + sorted(SOURCE_DIR.glob("*.h")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
    digest.update("\0".join([version, *FLAGS, *LIBRARIES, platform.platform(), _cpu_features()]).encode())
    return digest.hexdigest()[:16]


def _cpu_features() -> str:
    """What `-march=native` depends on: the feature line of /proc/cpuinfo, else the processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() + platform.machine()
    return next((line for line in lines if line.startswith(("flags", "Features"))), platform.machine())
