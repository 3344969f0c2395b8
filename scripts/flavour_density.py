import sys, time
import numpy as np
import nuportal as nup
from nuportal.cosmology.momenta import solve as S, density_run as D
from nuportal.cosmology.momenta.grid import grid

def three(c): return ((0,), (1,), (2,))

def run(model, accuracy="standard", start="zero", own=(1.0, 1.0), nodes=None):
    cp = model if model is None else model.couplings
    opts = S.MomentaOptions(flavours="separate", accuracy=accuracy, start=start)
    nn, kk, rtol = S.RESOLUTION[accuracy]
    if nodes: nn = kk = nodes
    g = grid(nn, kk, cp is not None and S._decays_late(cp))
    old = S._classes
    S._classes = three
    try:
        p = S._point(cp, opts)
    finally:
        S._classes = old
    t = S._tables(cp, g, p)
    end = S.T_RECOMBINATION if p.mass > 0 else S.WEAK_END
    r = D.density_run(p, t, start, rtol, end, own)
    sol = S._solution(S._Run(r.rows, r.status, r.gone), p, t, cp, opts)
    return sol, r

if __name__ == "__main__":
    name, mass, g = sys.argv[1], sys.argv[2], float(sys.argv[3])
    kw = eval("dict(" + (sys.argv[4] if len(sys.argv) > 4 else "") + ")")
    eps = kw.pop("eps", 0)
    model = nup.U1X(name, mass=mass, g=g, epsilon=eps)
    t = time.process_time()
    sol, r = run(model, **kw)
    print(name, mass, g, kw, sol.status, sol.neff, sol.steps, "residual", sol.energy_residual, "cpu", time.process_time() - t, "coh", np.max(np.abs(r.coherence)))
