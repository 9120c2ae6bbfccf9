"""Keeps `import lm_eval` right where lm-eval is installed editable; run at start-up by the .pth file of this name.

The tasks of ifeval-fi lie in lm_eval/tasks/ifeval_fi beside this file. Where lm-eval itself lies elsewhere and is found
by an editable install's finder, the last on sys.meta_path, that folder would pass for the whole of lm_eval.
"""

import os
import sys


class RealPackageFirst:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == "lm_eval":
            for finder in sys.meta_path:
                spec = None if finder is cls else finder.find_spec(name, path, target)
                if spec is not None and spec.origin is not None:
                    return spec
        return None


if not os.path.exists(os.path.join(os.path.dirname(__file__), "lm_eval", "__init__.py")):  # noqa: PTH110, PTH118, PTH120
    sys.meta_path.insert(0, RealPackageFirst)
