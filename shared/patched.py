"""Makes the standard library cooperative. Imported before everything else, and only for that.

    import shared.patched

PyMongo and kombu must be imported after it. See docs/adr/0001.
"""

import warnings

with warnings.catch_warnings():
    # Said once in docs/adr/0001, not at every start in every log.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

eventlet.monkey_patch()
