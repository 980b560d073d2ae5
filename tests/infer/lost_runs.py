"""Independent runs that a step of the record has ruled out."""

from dataclasses import replace

import numpy as np

from foedus.infer.sampler.sampler import Course


def died(course: Course) -> Course:
    """The same run if a step had ruled out all of its particles."""
    levels, neutral = course.levels.copy(), course.neutral.copy()
    levels[:, -2:], neutral[-1] = -np.inf, -np.inf
    clouds = [replace(one, logs=np.full(one.logs.size, -np.inf)) for one in course.clouds]
    return replace(course, levels=levels, neutral=neutral, clouds=tuple(clouds))
