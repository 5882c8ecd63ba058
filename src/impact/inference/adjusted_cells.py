"""Differences in means of clusters, given covariates that are fitted anew for each assignment.

To fit the covariates' slopes once, with the treatment that was observed beside them, favours
that treatment: it alone has a place of its own in the fit. With one of twenty places treated
and five covariates a test at 5 % then rejects a true null in 8.5 % of the cases. Fitted anew
for every assignment all of them are treated alike, and the test is exact again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.inference.unequal import Cells, Differences

__all__ = ["AdjustedCells"]

RANK = 1e-10


@dataclass(frozen=True, eq=False)
class AdjustedCells:
    """Cells of n clusters and C kinds of rows, with K covariates.

    Parameters
    ----------
    cells : Cells
        Of the outcome as it is.
    sums : numpy.ndarray, shape (n, C, K)
        Weighted sums of the covariates.
    squares : numpy.ndarray, shape (K, K)
        Weighted sums of the covariates' products over all rows.
    products : numpy.ndarray, shape (K,)
        Likewise of covariates and outcome.
    """

    cells: Cells
    sums: np.ndarray
    squares: np.ndarray
    products: np.ndarray

    @property
    def alike(self) -> bool:
        """Whether all clusters are of one size."""
        return self.cells.alike

    @property
    def values(self) -> tuple[np.ndarray, np.ndarray]:
        """The clusters' contrasts, without what covariates say of all alike; and weights."""
        shown = self.sums.sum(axis=0)
        counts = self.cells.counts.sum(axis=0)[:, None]
        square = self.squares - shown.T @ (shown / counts)
        product = self.products - (shown / counts).T @ self.cells.sums.sum(axis=0)
        slope = np.linalg.pinv(square, rcond=RANK, hermitian=True) @ product
        return Cells(
            self.cells.sums - self.sums @ slope,
            self.cells.counts,
            self.cells.squares,
            self.cells.contrast,
            self.cells.under,
        ).values

    def differences(self, drawn: np.ndarray, treated: np.ndarray) -> Differences:
        """Return the coefficient of treatment for other treated clusters."""
        cells = self.cells
        under = cells.contrast > 0 if cells.under is None else cells.under
        held = cells.counts * np.asarray(treated)[:, None] * under
        inside = np.einsum("ic,ick->k", np.asarray(treated)[:, None] * under, self.sums)
        targets = np.stack([cells.sums, held], axis=-1)
        products = np.column_stack([self.products, inside])
        plain = cells.differences(drawn, treated)
        found = self._found(drawn.astype(float), targets, products)
        return Differences(found[:, 0], found[:, 1], plain.apart, plain.shared)

    def _found(self, chosen: np.ndarray, targets: np.ndarray, products: np.ndarray) -> np.ndarray:
        """Return coefficients for targets of summed values (n, C, M), shape (R, M)."""
        count, cells, K = self.sums.shape
        wide = np.concatenate([self.sums, targets, self.cells.counts[..., None]], axis=-1)
        own = (chosen @ wide.reshape(count, -1)).reshape(len(chosen), cells, -1)
        sides = (own, wide.sum(axis=0) - own)
        square = np.broadcast_to(self.squares, (len(chosen), K, K)).copy()
        product = np.broadcast_to(products, (len(chosen), *products.shape)).copy()
        means = []
        with np.errstate(divide="ignore", invalid="ignore"):
            for side in sides:
                mean = side[..., :-1] / side[..., -1:]
                means.append(mean)
                square -= np.einsum("rck,rcl->rkl", side[..., :K], mean[..., :K])
                product -= np.einsum("rck,rcm->rkm", side[..., :K], mean[..., K:])
        usable = np.isfinite(square).all(axis=(1, 2)) & np.isfinite(product).all(axis=(1, 2))
        out = np.full((len(chosen), targets.shape[-1]), np.nan)
        solve = np.linalg.pinv(square[usable], rcond=RANK, hermitian=True)
        apart = np.einsum("rcj,c->rj", means[0][usable] - means[1][usable], self.cells.contrast)
        slope = solve @ product[usable]
        out[usable] = apart[:, K:] - np.einsum("rk,rkm->rm", apart[:, :K], slope)
        return out
