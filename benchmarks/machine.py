"""The machine in words, so that a result can be judged by somebody who has another one."""

import os
import platform
import re
from pathlib import Path


def describe() -> str:
    """Processor, cores, memory, system; nothing that names the machine itself."""
    cpu = re.search(r"^model name\s*: (.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal: +(\d+)", _read("/proc/meminfo"), re.MULTILINE)
    parts = [
        cpu[1] if cpu else platform.machine(),
        f"{os.cpu_count()} cores for everything",
        f"{int(memory[1]) / 1e6:.0f} GB of memory" if memory else "",
        f"{platform.system()} {platform.release().partition('-')[0]}",
        f"Python {platform.python_version()}",
    ]
    return ", ".join(filter(None, parts))


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
