"""Which names of emitted text the compiler made up: what they stand for has no name in the model.

>>> [bool(BOOKKEEPING.fullmatch(name)) for name in ("out_product", "h_sum_2", "part", "logits")]
[True, True, True, False]
"""

import re

BOOKKEEPING = re.compile(
    r"(part|out)(_\d+)?|out_\w+|\w+_[ijkpqrstuvw]"
    r"|\w+_(sum|max|min|prod|chosen|difference|product|quotient|ratio|negated|list|total|(plus|minus|over)_\w+)(_\d+)?"
)
