"""Print the model's ODD description, or the README's table of systems.

python tools/odd.py              the whole description, Markdown
python tools/odd.py --systems    the table between the README's marks
"""

from __future__ import annotations

import sys

from hegemon.docs import odd

if __name__ == "__main__":
    print(odd.systems() if "--systems" in sys.argv[1:] else odd.odd(), end="\n")
