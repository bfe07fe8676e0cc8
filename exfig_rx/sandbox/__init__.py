"""A small Figma on the loopback, to try the tool with and to test it against.

with Sandbox() as sandbox:                           # real HTTP; sandbox.url, sandbox.cdn_url
    sandbox.faults.append(Fault(FaultKind.RESET))    # the next request meets it
    sandbox.log                                      # every request, in order
    sandbox.edit(Edit("HarborLight00000000001", "Accent/Kelp", {"fill": "#00FF00"}))
"""

from exfig_rx.sandbox.design import Design, DesignFault, Edit
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.limits import PROFESSIONAL
from exfig_rx.sandbox.server import LoggedRequest, Sandbox

__all__ = ["PROFESSIONAL", "Design", "DesignFault", "Edit", "Fault", "FaultKind", "LoggedRequest", "Sandbox"]
