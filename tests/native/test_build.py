"""Building the C parts: on first use, once, beside a Python path that needs none of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from llmworks.native import build

CODE = "from llmworks.text.bpe import BPETokenizer; t = BPETokenizer({bytes([v]): v for v in range(256)}); "
CODE += "print(t.is_native, t.encode('aé'))"


def run(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter with its own cache folder."""
    settings = {**os.environ, "LLMWORKS_CACHE": str(tmp_path), **environment}
    return subprocess.run(
        [sys.executable, "-c", CODE], env=settings, capture_output=True, text=True, check=True
    )


needs_compiler = pytest.mark.skipif(build.find_compiler() is None, reason="no C compiler here")


@needs_compiler
def test_built_once_and_kept(tmp_path: Path) -> None:
    first = run(tmp_path)
    assert (first.stdout, first.stderr) == ("True [97, 195, 169]\n", "")
    built = list((tmp_path / "native").iterdir())
    assert [path.suffix for path in built] == [".so"]  # nothing half-made is left beside it
    made = built[0].stat().st_mtime_ns
    assert run(tmp_path).stdout == first.stdout
    assert [path.stat().st_mtime_ns for path in (tmp_path / "native").iterdir()] == [made]


def test_python_serves_when_told_to(tmp_path: Path) -> None:
    done = run(tmp_path, LLMWORKS_NO_NATIVE="1")
    assert (done.stdout, done.stderr) == ("False [97, 195, 169]\n", "")
    assert list(tmp_path.iterdir()) == []


def test_no_compiler_is_said_once(tmp_path: Path) -> None:
    done = run(tmp_path, CC=str(tmp_path / "no-such-compiler"), PATH=str(tmp_path))
    assert done.stdout == "False [97, 195, 169]\n"
    assert done.stderr.count("\n") == 1
    assert "no C compiler" in done.stderr


@needs_compiler
def test_a_compiler_that_fails_is_quoted(tmp_path: Path) -> None:
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\necho 'this compiler is broken' >&2\nexit 1\n")
    broken.chmod(0o755)
    done = run(tmp_path / "cache", CC=str(broken))
    assert done.stdout == "False [97, 195, 169]\n"
    assert "this compiler is broken" in done.stderr


@needs_compiler
def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "native").write_text("a file where the folder should be")
    done = run(tmp_path)
    assert done.stdout == "False [97, 195, 169]\n"
    assert "native code is off" in done.stderr


@needs_compiler
def test_changed_sources_are_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SOURCE_DIR", tmp_path)
    monkeypatch.setenv("LLMWORKS_CACHE", str(tmp_path / "cache"))
    export = '__attribute__((visibility("default"))) int answer(void) { return %d; }\n'
    answers = []
    for value in (41, 42):
        (tmp_path / "answer.c").write_text(export % value)
        build.load_library.cache_clear()
        library = build.load_library("answer", "answer.c")
        assert library is not None
        answers.append(library.answer())
    build.load_library.cache_clear()
    assert answers == [41, 42]


@needs_compiler
@pytest.mark.parametrize(
    "flags", [("-O0", "-g", "-fsanitize=address,undefined"), ("-O3",)], ids=["checked", "plain"]
)
def test_c_sources_have_no_warnings(flags: tuple[str, ...], tmp_path: Path) -> None:
    """Also without `-march=native`, as on a machine whose compiler does not know it."""
    compiler = build.find_compiler()
    assert compiler is not None
    for source in ("pretokenize.c", "bpe_tables.c", "bpe_encode.c"):
        command = [compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-c", *flags]
        done = subprocess.run(
            [*command, str(build.SOURCE_DIR / source), "-o", str(tmp_path / "x.o")],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


@needs_compiler
@pytest.mark.parametrize("flags", [("-march=native",), ()], ids=["native", "plain"])
def test_encoder_touches_no_memory_that_is_not_its_own(flags: tuple[str, ...], tmp_path: Path) -> None:
    """A C program under the address sanitizer: random bytes, every pattern, no byte of room to spare."""
    compiler = build.find_compiler()
    assert compiler is not None
    program = tmp_path / "check"
    sources = [str(build.SOURCE_DIR / name) for name in ("pretokenize.c", "bpe_tables.c", "bpe_encode.c")]
    command = [
        compiler,
        "-std=c11",
        "-O1",
        "-g",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover",
        *flags,
    ]
    command += ["-I", str(build.SOURCE_DIR), str(Path(__file__).parent / "check_encode.c"), *sources]
    made = subprocess.run([*command, "-o", str(program)], capture_output=True, text=True)
    if made.returncode and ("sanitize" in made.stderr or "asan" in made.stderr):
        pytest.skip(f"the compiler here has no address sanitizer: {made.stderr[:200]}")
    assert made.returncode == 0, made.stderr
    done = subprocess.run([program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.startswith("encoded ")
