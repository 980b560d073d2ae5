"""Everything that can be wrong with a case, in the order in which it is looked for.

Each code has a page in `foedus/diagnostics` that explains it and is its test.
"""

from __future__ import annotations

from enum import Enum


class Code(Enum):
    """The slug of a fault: what people say aloud, search for and write in a test."""

    # reading the file
    FILE_UNREADABLE = "file-unreadable"
    FILE_TOO_LARGE = "file-too-large"
    BAD_ENCODING = "bad-encoding"
    BAD_YAML = "bad-yaml"
    NEEDS_QUOTES = "needs-quotes"
    NESTED_TOO_DEEPLY = "nested-too-deeply"
    YAML_ANCHOR = "yaml-anchor"
    YAML_TAG = "yaml-tag"
    # the shape of the file (the JSON Schema finds these too, except duplicates)
    DUPLICATE_KEY = "duplicate-key"
    UNKNOWN_KEY = "unknown-key"
    MISPLACED_KEY = "misplaced-key"
    MISSING_KEY = "missing-key"
    WRONG_TYPE = "wrong-type"
    BAD_NAME = "bad-name"
    UNKNOWN_WORD = "unknown-word"
    CONFLICTING_KEYS = "conflicting-keys"
    UNKNOWN_VERSION = "unknown-version"
    UNUSED_TEXT = "unused-text"
    # leaves of the file
    BAD_NUMBER = "bad-number"
    BAD_DATE = "bad-date"
    BAD_DURATION = "bad-duration"
    BAD_UNIT = "bad-unit"
    BAD_PRIOR = "bad-prior"
    BAD_EXPRESSION = "bad-expression"
    PATH_OUTSIDE_CASE = "path-outside-case"
    BAD_TABLE = "bad-table"
    # names
    NAME_TAKEN = "name-taken"
    UNKNOWN_ACTOR = "unknown-actor"
    UNKNOWN_OFFICE = "unknown-office"
    UNKNOWN_ALLIANCE = "unknown-alliance"
    UNKNOWN_GROUP = "unknown-group"
    UNKNOWN_SOURCE = "unknown-source"
    UNKNOWN_EVENT = "unknown-event"
    UNKNOWN_PARAMETER = "unknown-parameter"
    UNKNOWN_MECHANISM = "unknown-mechanism"
    UNKNOWN_NAME = "unknown-name"
    # sources, numbers, dates
    VALUE_WITHOUT_SOURCE = "value-without-source"
    CITATION_OUTSIDE_DOCUMENT = "citation-outside-document"
    CITATION_DIGEST_MISMATCH = "citation-digest-mismatch"
    DATES_REVERSED = "dates-reversed"
    TENURE_OVERLAP = "tenure-overlap"
    NO_CANDIDATE = "no-candidate"
    ALLIANCE_LEAD = "alliance-lead"
    DATE_BEFORE_ALLIANCE = "date-before-alliance"
    OUTSIDE_CLOCK = "outside-clock"
    KNOWN_BEFORE_EVENT = "known-before-event"
    # expressions
    TYPE_MISMATCH = "type-mismatch"
    UNIT_MISMATCH = "unit-mismatch"
    WRONG_INDEX = "wrong-index"
    NUMBER_IN_RATE = "number-in-rate"
    RATE_NEEDS_STEP = "rate-needs-step"
    SINCE_WITHOUT_DEFAULT = "since-without-default"
    RATE_NEGATIVE = "rate-negative"
    RATE_NOT_FINITE = "rate-not-finite"
    # events and mechanisms
    NEVER_ENABLED = "never-enabled"
    CHANGES_NOTHING = "changes-nothing"
    IMMEDIATE_CYCLE = "immediate-cycle"
    MECHANISM_NEED = "mechanism-need"
    MECHANISM_OFFER = "mechanism-offer"
    LEAVES_BOUNDS = "leaves-bounds"
    # explanations
    PRIORS_DO_NOT_SUM = "priors-do-not-sum"
    NOT_A_PARTITION = "not-a-partition"
    # the record
    EVENT_WITHOUT_RECORD = "event-without-record"
    IMPOSSIBLE_EVIDENCE = "impossible-evidence"
    IMPOSSIBLE_IN_ATOM = "impossible-in-atom"
    EVIDENCE_IS_FILTER = "evidence-is-filter"
    GUARD_OF_RECORDED_EVENT = "guard-of-recorded-event"
    UNCOVERED_SENTENCE = "uncovered-sentence"
    # questions and what-ifs
    QUESTION_IMPOSSIBLE = "question-impossible"
    NOT_MEASURABLE = "not-measurable"
    WHAT_IF_CHANGES_NOTHING = "what-if-changes-nothing"
    NEEDS_HISTORY = "needs-history"
