"""Wrong answers of the bank that must fail wherever they are tried.

After a learner's cells, in the same process, the tests of each question that passed are asked about known
wrong answers. Where one passes, something has changed what judges: then the points mean nothing.
"""

import random

from course_lib.checks import questions
from tools import bank

TRIED = 3  # of each question in the control, of which …
KEPT = 2  # … so many at most are tried with each submission


def of(slug, seed):
    """{question: wrong answers}. Chance, decided by `seed`, picks them. Nothing for other courses' slugs."""
    try:
        judged = questions(slug)
    except ValueError:
        return {}
    found = {}
    for name, about in judged.items():
        wrong = [one for one in bank.answers(slug) if one.question == name and not one.is_right]
        chosen = random.Random(f"{seed} {slug} {name}").sample(wrong, min(TRIED, len(wrong)))
        found[name] = [
            {"slug": slug, "question": name, "names": list(about.answers), "source": one.source}
            for one in chosen
        ]
    return found


def sound(tried, passed):
    """The canaries that failed in the control run, where nobody had changed anything."""
    return {
        name: [one for n, one in enumerate(answers) if n not in passed.get(name, ())][:KEPT]
        for name, answers in tried.items()
    }
