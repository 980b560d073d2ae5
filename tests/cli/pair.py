"""A case with one parameter and no rivals, and what may be known of it."""

PAIR = """
foedus: 1
case: pair
title: A pair
clock: {start: 2000-01-01, end: 2000-01-21}
sources: {paper: {kind: news, title: The Paper}}
parameters:
  pace: {value: 0.2, unit: per day, grade: assumed, because: an example}
state:
  gone: {type: flag, per: friend, starts: false}
groups: {friend: [ada, bo]}
events:
  goes: {per: friend, when: "not gone[friend]", rate: pace, then: {"gone[friend]": true}}
what-if:
  both-stay: {forbid: ["goes[ada]", "goes[bo]"]}
  bo-stays-late: {forbid: "goes[bo]", at: 2000-01-15}
"""
GIVEN = """
record: {goes: {complete: 2000-01-01/2000-01-21}}
evidence: [{id: E1, happened: "goes[bo]", at: 2000-01-03, cites: [paper]}]
questions: {bo-is-gone: {probability: "gone[bo]", at: 2000-01-20}}
"""
