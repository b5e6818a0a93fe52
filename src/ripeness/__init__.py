"""Ripeness: a workbench for arguments about wars and how they end.

>>> import ripeness as rp
>>> case = rp.load("kursk-2024")
>>> run = case.run(worlds=20_000, seed=1)
>>> run.verdicts()
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ripeness.claims.inquiry import Inquiry, ask
    from ripeness.workbench import Case, Run, load, open_run

__all__ = ["Case", "Inquiry", "Run", "ask", "load", "open_run"]


def __getattr__(name: str) -> Any:
    """Load the workbench when it is first asked for, so that ``import ripeness`` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("ripeness")
    if name not in __all__:
        raise AttributeError(f"module 'ripeness' has no attribute {name!r}")
    if name in ("Inquiry", "ask"):
        from ripeness.claims import inquiry

        return getattr(inquiry, name)
    from ripeness import workbench

    return getattr(workbench, name)
