"""What ArviZ computes for us: convergence of chains, smoothed importance weights, draws in the field's common form."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def arviz() -> Any:
    """The library, without what it says about its own future when it is imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import arviz as library
    return library


def convergence(z: npt.NDArray[np.floating]) -> tuple[Numbers, Numbers, Numbers]:
    """R-hat, bulk and tail effective sample size of each parameter, of draws [C, S, D]; of one chain, R-hat is of its halves."""
    library = arviz()
    draws = library.convert_to_dataset({"z": np.asarray(z, float)})
    half = z.shape[1] // 2
    several = draws if len(z) > 1 else library.convert_to_dataset({"z": np.stack([z[0, :half], z[0, -half:]]).astype(float)})
    found = library.rhat(several), library.ess(draws, method="bulk"), library.ess(draws, method="tail")
    rhat, bulk, tail = (np.asarray(each["z"]) for each in found)
    return rhat, bulk, tail


def smoothed(logs: Numbers) -> tuple[Numbers, float]:
    """Pareto-smoothed importance weights of log-ratios [S], adding up to one, and the k-hat that says whether to trust
    them (Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25:72)."""
    weights, k = arviz().psislw(np.asarray(logs, float))
    return np.exp(np.asarray(weights)), float(k)


def inference_data(draws: Mapping[str, npt.NDArray[np.floating]], diverging: Any, attrs: Mapping[str, Any]) -> Any:
    """Draws [C, S] by parameter as an ArviZ InferenceData."""
    return arviz().from_dict(posterior=dict(draws), sample_stats={"diverging": diverging}, attrs=dict(attrs))
