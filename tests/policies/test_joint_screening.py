"""Separate engines, shared results, one joint engine: rates are kept, and the joint quality is the formula's."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sim.model.fact_catalogue import AMBER_CONSIGNMENT, ILLICIT, RED_CONSIGNMENT
from tests.policies.levers import AMPLE, DATA, RISK
from tests.policies.observed import prepared

ENGINE = f"{RISK}.engine"
AUC, RHO = 0.8, 0.5
SETTING: dict[str, Any] = {
    **AMPLE,
    "study.days": 20,
    f"{DATA}.fields": "personal",
    f"{RISK}.export_rate": "4%",
    f"{RISK}.import_rate": "10%",
    f"{RISK}.random_share": "0%",
    "world.risk_screening.auc": AUC,
    "world.risk_screening.score_correlation": "50%",
    "world.compliance.prevalence": "5%",
    "policy.pre_clearance.aeo_share": "0%",
}
ENGINES = ("separate", "shared_results", "joint")


def selected(engine: str, role: str, **changes: Any) -> tuple[np.ndarray, np.ndarray]:
    """Red consignments of a role, and which are illicit."""
    made = prepared({**SETTING, ENGINE: engine, **changes})
    return made.facts[RED_CONSIGNMENT[role]], made.facts[ILLICIT]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("role", "rate"), [("origin", 0.04), ("destination", 0.10)])
def test_the_rate_among_licit_consignments_is_kept_by_every_engine(engine: str, role: str, rate: float) -> None:
    red, illicit = selected(engine, role)
    licit = ~illicit
    assert abs(red[licit].mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / licit.sum())


def test_a_flagged_share_above_the_own_rate_leaves_the_highest_of_the_flagged_by_the_own_score() -> None:
    rates = {f"{RISK}.export_rate": "10%", f"{RISK}.import_rate": "4%"}
    red, illicit = selected("shared_results", "destination", **rates)
    flagged, _ = selected("shared_results", "origin", **rates)
    assert not np.any(red & ~flagged)
    assert abs(red[~illicit].mean() - 0.04) < 4 * np.sqrt(0.04 * 0.96 / (~illicit).sum())
    own, _ = selected("separate", "destination", **rates)
    assert np.all(red[own & flagged]), "what is high by the own score and flagged goes before everything"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rates", [("4%", "10%"), ("10%", "4%")])
def test_the_band_below_has_its_documents_checked_at_its_rate(engine: str, rates: tuple[str, str]) -> None:
    changes = {f"{RISK}.export_rate": rates[0], f"{RISK}.import_rate": rates[1], f"{RISK}.amber_rate": "10%"}
    made = prepared({**SETTING, ENGINE: engine, **changes, "world.risk_screening.faulty_share": "0%"})
    licit = ~made.facts[ILLICIT]
    for role in ("origin", "destination"):
        amber, red = made.facts[AMBER_CONSIGNMENT[role]], made.facts[RED_CONSIGNMENT[role]]
        assert not np.any(amber & red)
        assert abs(amber[licit].mean() - 0.10) < 4 * np.sqrt(0.1 * 0.9 / licit.sum())


def test_the_joint_engine_reaches_the_formulas_quality() -> None:
    """Selected among illicit: P(N(d', 1) > Phi^-1(1 - rate)), d'^2 = (d1^2 + d2^2 - 2 rho d1 d2) / (1 - rho^2)."""
    d = np.sqrt(2) * norm.ppf(AUC)
    joint = np.sqrt((2 * d**2 - 2 * RHO * d**2) / (1 - RHO**2))
    for engine, separation in (("separate", d), ("joint", joint)):
        red, illicit = selected(engine, "destination")
        expected = norm.sf(norm.isf(0.10) - separation)
        error = np.sqrt(expected * (1 - expected) / illicit.sum())
        assert abs(red[illicit].mean() - expected) < 4 * error, engine


def test_tokens_take_quality_from_the_joint_engine_too() -> None:
    full, illicit = selected("joint", "destination")
    tokens, _ = selected(
        "joint", "destination", **{f"{DATA}.fields": "tokens", "world.risk_screening.auc_without_personal": 0.55}
    )
    assert full[illicit].sum() > tokens[illicit].sum()


def test_results_alone_find_more_than_nothing_shared_and_less_than_a_joint_engine() -> None:
    found = {engine: int(np.sum(np.logical_and(*selected(engine, "destination")))) for engine in ENGINES}
    assert found["separate"] < found["shared_results"] < found["joint"], found


@pytest.mark.parametrize(("rho", "auc"), [("100%", 0.8), ("50%", 0.5), ("0%", 0.8)])
def test_the_ends_of_the_joint_formula(rho: str, auc: float) -> None:
    red, illicit = selected("joint", "origin", **{"world.risk_screening.score_correlation": rho, "world.risk_screening.auc": auc})
    d = np.sqrt(2) * norm.ppf(auc)
    separation = np.sqrt(2) * d if rho == "0%" else d
    expected = norm.sf(norm.isf(0.04) - separation)
    assert abs(red[illicit].mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / illicit.sum())


def test_a_joint_engine_waits_for_both_sides_data() -> None:
    after = {
        engine: {
            prepared({**AMPLE, ENGINE: engine}).plan.steps[a].stage.key
            for step in prepared({**AMPLE, ENGINE: engine}).plan.steps
            if step.stage.key == "screen_destination"
            for a in step.after
        }
        for engine in ENGINES
    }
    assert "screen_origin" in after["shared_results"] and "screen_origin" not in after["separate"]
    assert any(key.endswith("_origin") for key in after["joint"])
