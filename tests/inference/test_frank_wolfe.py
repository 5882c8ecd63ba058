"""Ridge regressions on the simplex, reached by a general solver."""

import numpy as np
import pytest
from scipy.optimize import minimize

from impact.inference.frank_wolfe import Problems, frank_wolfe, objective


def problems_of(seed, count, size, rows, ridge, least=0.0):
    rng = np.random.default_rng(seed)
    columns, targets = rng.normal(size=(rows, size)), rng.normal(size=(count, rows))
    allowed = rng.random((count, size)) < 0.8
    allowed[:, 0] = True
    return Problems(columns.T @ columns, targets @ columns, ridge, least, allowed)


def even(allowed):
    return allowed / allowed.sum(axis=1, keepdims=True)


def solved(problems, at):
    """Solve one problem by sequential quadratic programming."""
    places = np.flatnonzero(problems.allowed[at])
    gram = problems.gram if problems.gram.ndim == 2 else problems.gram[at]
    gram = gram[np.ix_(places, places)] + problems.ridge * np.eye(len(places))
    aim = problems.aim[at, places]
    found = minimize(
        lambda x: x @ gram @ x - 2 * aim @ x,
        np.full(len(places), 1 / len(places)),
        jac=lambda x: 2 * (gram @ x - aim),
        bounds=[(0, 1)] * len(places),
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1, "jac": lambda x: np.ones(len(x))},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    out = np.zeros(len(problems.allowed[at]))
    out[places] = found.x
    return out


@pytest.mark.parametrize("ridge", [0.0, 0.5, 20.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_objective_is_as_low_as_a_general_solver_reaches(seed, ridge):
    problems = problems_of(seed, 6, 7, 9, ridge)
    found = frank_wolfe(problems, even(problems.allowed), 10_000)
    theirs = np.array([solved(problems, at) for at in range(6)])
    ours, best = objective(problems, found), objective(problems, theirs)
    # Jaggi (2013), theorem 1: the gap is at most 8 times the largest eigenvalue over steps + 2.
    bound = 8 * (np.linalg.eigvalsh(problems.gram)[-1] + ridge) / 10_002
    np.testing.assert_array_less(ours, best + bound)
    if ridge:
        np.testing.assert_allclose(found, theirs, atol=0.02)


def test_weights_stay_on_the_simplex_and_off_what_is_closed():
    problems = problems_of(5, 8, 10, 12, 0.1)
    found = frank_wolfe(problems, even(problems.allowed), 500)
    assert found.min() >= 0
    assert (found[~problems.allowed] == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)


def test_problems_side_by_side_are_solved_as_each_alone():
    problems = problems_of(7, 9, 8, 10, 0.3, 1e-9)
    start = even(problems.allowed)
    together = frank_wolfe(problems, start, 300)
    alone = [frank_wolfe(problems.of(np.array([at])), start[[at]], 300)[0] for at in range(9)]
    np.testing.assert_allclose(together, alone, atol=1e-10)


def test_a_matrix_of_its_own_for_each_problem_is_the_same_as_one_for_all():
    shared = problems_of(8, 6, 5, 7, 0.2, 1e-9)
    own = Problems(np.repeat(shared.gram[None], 6, axis=0), *list(vars(shared).values())[1:])
    start = even(shared.allowed)
    np.testing.assert_allclose(frank_wolfe(own, start, 200), frank_wolfe(shared, start, 200))


def test_the_first_step_is_never_the_last_and_a_small_fall_ends_it():
    problems = problems_of(9, 1, 6, 8, 0.1, np.inf)
    start = even(problems.allowed)
    two = frank_wolfe(problems, start, 2)
    np.testing.assert_array_equal(frank_wolfe(problems, start, 50), two)
    assert (frank_wolfe(problems, start, 1) != two).any()


def test_a_target_that_is_one_of_the_columns_gets_it_alone():
    columns = np.random.default_rng(2).normal(size=(9, 5))
    aim = columns[:, [3]].T @ columns
    problems = Problems(columns.T @ columns, aim, 0.0, 0.0, np.ones((1, 5), bool))
    found = frank_wolfe(problems, np.full((1, 5), 0.2), 20_000)
    np.testing.assert_allclose(found[0], np.eye(5)[3], atol=0.01)
