"""Every phrase that sentences are made of, by name: one source for Python and for the explorer's pages.

Which of them is said, `headline` and `comparing` decide here, and web/src/lib/say.ts on a page; a test holds the one to the
other.
"""

from __future__ import annotations

PHRASES: dict[str, str] = {
    # What is shown: a measure, a neighbour, a quarter, all histories or one.
    "nothing": "{quarter}: nothing is known of {noun}.",
    "all": "{quarter}: in the median history {level}; nine histories in ten lie between {low} and {high}.",
    "alike": "{quarter}: {level}, nearly the same in every history.",
    "one": "{quarter}, history {number}: {level}. Over all histories the median is {middle}, and nine in ten "
        "lie between {low} and "
           "{high}.",
    "one alike": "{quarter}, history {number}: {level}. All histories lie near {middle}.",
    "yes": "{quarter}: {clause} in at least 95% of histories.",
    "mostly": "{quarter}: {clause} in most histories, but not in 95% of them.",
    "seldom": "{quarter}: {clause} in less than half of the histories.",
    "no": "{quarter}: {clause} in at most 5% of histories.",
    "one yes": "{quarter}, history {number}: {clause}.",
    "one no": "{quarter}, history {number}: it is not so that {clause}.",
    "more": "That is {gap} more than at the close of {since}.",
    "less": "That is {gap} less than at the close of {since}.",
    "still": "Since {since} it has hardly moved ({before} then).",
    "luck": "Were the model's numbers known, luck alone would leave {low} to {high}; the rest of the range "
        "is what is not known.",
    "no luck": "Hardly any of that range is luck: it is what is not known of the model's numbers.",
    "all luck": "Nearly all of that range is luck, which nothing can narrow.",
    # How often a level is passed.
    "above": "It lies above {level} in about {share} of histories.",
    "above almost": "It lies above {level} in more than 95% of histories.",
    "above hardly": "It lies above {level} in less than 5% of histories.",
    # Two orders with the same luck.
    "same so far": "By {quarter} the two are the same history in every pair.",
    "same": "{quarter}: {noun} is the same, {first}, in {one} and in {other}.",
    "by definition": "{quarter}: {noun} differs by definition, because {change}; nothing is learned from that.",
    "hardly": "{quarter}: {noun} comes to about {first} either way; {one} and {other} differ by less than "
        "{least} on average.",
    "higher": "{quarter}: {noun} comes on average to {first} in {one} and to {second} in {other}, {gap} "
        "higher (90% interval {low} to "
              "{high}).",
    "lower": "{quarter}: {noun} comes on average to {first} in {one} and to {second} in {other}, {gap} lower "
        "(90% interval {low} to "
             "{high}).",
    "open": "{quarter}: {noun} comes on average to {first} in {one} and to {second} in {other}, but which "
        "way it goes is not "
            "known (90% interval {low} to {high}).",
    "pairs": "In single pairs of histories luck makes it anything from {low} to {high}.",
    "pairs same": "In nine pairs of histories in ten it makes no difference at all.",
    # A crisis that was asked about.
    "survives": "{whose} government survives {crisis} in {first} of histories in {one}, against {second} in {other}",
    "lasts": "{whose} government is still in office at the end in {first} of histories in {one}, against "
        "{second} in {other}",
    "survives alike": "{whose} government survives {crisis} in {first} of histories either way, in {one} and in {other}",
    "lasts alike": "{whose} government is still in office at the end in {first} of histories either way, in {one} and in "
                   "{other}",
    "survives nearly": "{whose} government survives {crisis} in about {first} of histories either way, in "
        "{one} and in {other}",
    "lasts nearly": "{whose} government is still in office at the end in about {first} of histories either "
        "way, with {one} and "
                    "with {other}",
    "sure": ": {gap} {way} in the latter (90% interval {low} to {high}).",
    "unsure": "; which way it goes is not known (90% interval {low} to {high}).",
    "end": ".",
    # A neighbour, wherever it is put.
    "put here": "Were it sure that {who} has {tie} of its ties with {patron} and {others} with {rival}, where it stands on "
        "average, {what} would have a chance of {here}; in {passes} of worlds {patron} permits that policy.",
    "put more": "With {tie} of its ties with {patron} and {others} with {rival}, {what} has a chance of {there}, {gap} more than "
        "where {who} stands on average ({here}); in {passes} of worlds {patron} permits that policy.",
    "put less": "With {tie} of its ties with {patron} and {others} with {rival}, {what} has a chance of {there}, {gap} less than "
        "where {who} stands on average ({here}); in {passes} of worlds {patron} permits that policy.",
    "put alike": "With {tie} of its ties with {patron} and {others} with {rival}, {what} has a chance of {here}, as where {who} "
        "stands on average; in {passes} of worlds {patron} permits that policy.",
}  # fmt: skip
