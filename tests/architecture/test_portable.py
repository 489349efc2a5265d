"""Nothing that only one system has is used without a fallback: the package runs on Linux, macOS and Windows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import policy

# What the standard library has on some systems only, as its documentation says ("Availability: Unix").
MODULES = {
    "crypt", "curses", "fcntl", "grp", "msvcrt", "nis", "ossaudiodev", "posix", "pty", "pwd", "readline",
    "resource", "spwd", "syslog", "termios", "tty", "winreg", "winsound", "_winapi",
}  # fmt: skip
OF_OS = {
    "chown", "chroot", "confstr", "ctermid", "eventfd", "fchmod", "fchown", "fork", "forkpty", "getegid",
    "geteuid", "getgid", "getgroups", "getloadavg", "getpgid", "getpgrp", "getpriority", "getresuid",
    "getsid", "getuid", "getxattr", "killpg", "lchown", "lockf", "memfd_create", "mkfifo", "mknod", "nice",
    "pathconf", "pidfd_open", "posix_fadvise", "posix_spawn", "posix_spawnp", "sched_getaffinity",
    "sched_getscheduler", "sched_setaffinity", "sched_yield", "sendfile", "setegid", "seteuid", "setgid",
    "setpgid", "setpriority", "setsid", "setuid", "startfile", "statvfs", "sync", "sysconf", "tcgetpgrp",
    "uname", "wait3", "wait4", "waitid", "process_cpu_count",
}  # fmt: skip
OF_SIGNAL = {"SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2", "alarm", "pause",
             "pthread_kill", "pthread_sigmask", "setitimer", "sigwait"}  # fmt: skip
OF_TIME = {"clock_gettime", "pthread_getcpuclockid", "tzset"}
ATTRIBUTES = {"os": OF_OS, "signal": OF_SIGNAL, "time": OF_TIME}
PLACES = ("/proc", "/sys", "/bin", "/usr", "/dev", "/etc", "/tmp", "/var", "/run", "/opt", "/lib", "/home", "C:\\")
# Where paths of one system may be named: a module that reads them through a function with an answer for the others.
READ_BY = {"machine.py": "text_of"}


def unguarded(tree: ast.Module, module: str = "") -> Iterator[str]:
    """Yield what is used of one system only, with its line, where nothing asks first whether it is there."""
    yield from _unguarded(tree, module, False)


def _unguarded(node: ast.AST, module: str, guarded: bool) -> Iterator[str]:
    if not guarded:
        yield from _of_one_system(node, module)
    for name, inner in ast.iter_fields(node):
        safe = guarded or (name == "body" and _guards(node)) or _asks(node)
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, ast.AST):
                yield from _unguarded(one, module, safe)


def _guards(node: ast.AST) -> bool:
    """Whether what stands in a node's body is reached only where it is there, or may fail without harm."""
    if isinstance(node, ast.If):
        return any(text in ast.unparse(node.test) for text in ("sys.platform", "os.name", "hasattr("))
    if isinstance(node, ast.Try):
        caught = " ".join(ast.unparse(one.type) for one in node.handlers if one.type is not None)
    elif isinstance(node, ast.With):
        caught = " ".join(text for item in node.items if (text := ast.unparse(item)).startswith("suppress("))
    else:
        return False
    return "AttributeError" in caught or "ImportError" in caught


def _asks(node: ast.AST) -> bool:
    """Whether a node asks for something by name, with what to take instead."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    return node.func.id == "getattr" and len(node.args) == 3


def _of_one_system(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (f"{node.lineno}: {one.name}" for one in node.names if one.name.partition(".")[0] in MODULES)
    elif isinstance(node, ast.ImportFrom):
        if node.module in MODULES:
            yield f"{node.lineno}: {node.module}"
        of = ATTRIBUTES.get(node.module or "", set())
        yield from (f"{node.lineno}: {node.module}.{one.name}" for one in node.names if one.name in of)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.attr in ATTRIBUTES.get(node.value.id, set()):
            yield f"{node.lineno}: {node.value.id}.{node.attr}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if module not in READ_BY and any(
            node.value == place or node.value.startswith(f"{place.rstrip('/')}/") for place in PLACES
        ):
            yield f"{node.lineno}: {node.value}"
    elif isinstance(node, ast.keyword) and node.arg in ("preexec_fn", "pass_fds", "start_new_session"):
        yield f"{node.value.lineno}: {node.arg}"


def test_what_only_one_system_has_is_guarded() -> None:
    found = [
        f"{file.relative_to(policy.PACKAGE)}:{one}"
        for file in sorted(policy.PACKAGE.rglob("*.py"))
        for one in unguarded(ast.parse(file.read_text(encoding="utf-8")), file.name)
    ]
    assert found == [], "ask for it in src/detente/machine.py, with an answer where there is none"


@pytest.mark.parametrize("module", READ_BY)
def test_files_of_one_system_are_read_by_the_function_that_need_not_find_them(module: str) -> None:
    text = (policy.PACKAGE / module).read_text(encoding="utf-8")
    called = [ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    opened = [name for name in called if name.rpartition(".")[2] in ("open", "read_text", "read_bytes", "iterdir")]
    assert len(opened) == 1, f"only {READ_BY[module]} reads"


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.sysconf('SC_PAGE_SIZE')",
        "from os import fork",
        "import resource",
        "def f():\n    import fcntl",
        "from pathlib import Path\nPath('/proc/cpuinfo').read_text()",
        "command = ['/bin/bash', '-c']",
        "import os\nif os.geteuid() == 0:\n    pass",
        "import os\ntry:\n    os.statvfs('.')\nexcept OSError:\n    pass",
        "import os\nif ready:\n    os.setpriority(0, 0, 1)",
        "import os\nif hasattr(os, 'nice'):\n    pass\nelse:\n    os.nice(1)",
        "import signal\nsignal.signal(signal.SIGHUP, done)",
        "import subprocess\nsubprocess.Popen(command, preexec_fn=done)",
    ],
)
def test_what_is_not_guarded_is_found(text: str) -> None:
    assert len(list(unguarded(ast.parse(text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import os, sys\nif sys.platform == 'linux':\n    os.setpriority(0, 0, 1)",
        "import os\nif hasattr(os, 'nice'):\n    os.nice(1)",
        "try:\n    import resource\nexcept ImportError:\n    resource = None",
        "import os\nfrom contextlib import suppress\nwith suppress(AttributeError):\n    os.sysconf('x')",
        "import os\ncount = getattr(os, 'process_cpu_count', os.cpu_count)()",
        "path = '/processes'\nurl = 'https://example.org/bin/x'",
        "import os\nos.cpu_count()\nos.getpid()",
    ],
)
def test_what_is_guarded_or_everywhere_passes(text: str) -> None:
    assert list(unguarded(ast.parse(text))) == []


def test_the_policy_names_files_that_are_there() -> None:
    assert all((Path(policy.PACKAGE) / name).is_file() for name in READ_BY)
