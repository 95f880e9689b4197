"""Every test of an engine is done by each engine, and every timeline is looked at by the independent checker."""

import pytest

from sim.engine import ENGINES, run
from sim.engine.audit import audit
from sim.model.plan import Plan
from sim.model.timeline import Timeline
from tests.engine.plans import Engine


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """A function that runs a plan and audits the timeline."""

    def run_and_audit(plan: Plan) -> Timeline:
        timeline = run(plan, request.param)
        audit(plan, timeline)
        return timeline

    return run_and_audit
