"""`nup.scan`: values are those of single calls; files, resuming after kill -9, executors, bad input."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import DataFileError, NotApplicableError, NuportalError, ParameterError
from nuportal.scans.file import write

AXES = ["mass=2MeV:20MeV:3", "g=1e-9:1e-5:2", "epsilon=1e-9:1e-7:2"]
FAST = {"treatment": "temperatures", "start": "zero"}


def _model(point):
    return nup.U1X("B-L", **{name: float(point[name]) for name in ("mass", "g", "epsilon")})


def test_values_are_those_of_single_calls():
    """N_eff with its errors, light elements, verdicts, ratio, likelihood and fit of every point of a grid."""
    asked = ["neff", "neff_theory_error", "Y_p", "excluded:borexino", "ratio:borexino", "loglike", "excluded"]
    asked += ["best:xenonnt_sr0", "upper_limit:xenonnt_sr0", "significance:xenonnt_sr0"]
    some = "borexino,xenonnt,planck2018,na64-invisible"
    found = nup.scan("B-L", AXES, asked, constraints=some, **FAST)
    assert found.sizes == {"mass": 3, "g": 2, "epsilon": 2}
    assert found.mass.attrs["units"] == "MeV"
    for i, j, k in [(0, 0, 0), (1, 1, 0), (2, 1, 1)]:
        point = found.isel(mass=i, g=j, epsilon=k)
        model = _model(point)
        history, verdicts = nup.evolve(model, **FAST), nup.evaluate(model, some)
        assert point.neff == history.neff
        assert point.neff_theory_error == history.theory_error
        try:
            assert point.Y_p == history.yields().Y_p
        except NotApplicableError:
            assert np.isnan(point.Y_p)
        assert bool(point["excluded:borexino"]) is verdicts["borexino"].excluded
        assert point["ratio:borexino"] == verdicts["borexino"].ratio
        assert point["loglike"] == pytest.approx(verdicts.loglike, rel=1e-12, abs=1e-12)
        assert bool(point["excluded"]) is verdicts.excluded
        fit = nup.fit(model, "xenonnt_sr0")
        assert point["best:xenonnt_sr0"] == fit.best
        assert point["upper_limit:xenonnt_sr0"] == fit.upper_limit(0.90)
        assert point["significance:xenonnt_sr0"] == fit.significance
    assert found["neff"].to_numpy().std() > 0.1
    assert set(found["excluded:borexino"].to_numpy().ravel()) == {0.0, 1.0}


def test_points_without_a_value_have_a_reason():
    """A boson alive at T = 0.1 MeV has no Y_p; a point that the model refuses has nothing; both say why."""
    found = nup.scan("B-L", table={"mass": [1.0, 10.0, 10.0], "g": [1e-9, 1e-7, 10.0]}, observables="neff,Y_p", **FAST)
    assert found["neff"].to_numpy()[1] == pytest.approx(nup.evolve(nup.U1X("B-L", 10.0, 1e-7), **FAST).neff)
    reasons = __import__("json").loads(found["Y_p_status"].attrs["reasons"])
    codes = found["Y_p_status"].to_numpy().tolist()
    assert codes[1] == 0
    assert "alive at T = 0.1 MeV" in reasons[codes[0] - 1]
    assert "g = 10 is not allowed" in reasons[codes[2] - 1]
    assert np.isnan(found["neff"].to_numpy()).tolist() == [False, False, True]
    assert (found["Y_p_status"] > 0).to_numpy().tolist() == np.isnan(found["Y_p"].to_numpy()).tolist()


@pytest.mark.parametrize("how", ["columns", "points", "frame", "file"])
def test_a_table_may_be_given_in_four_ways(how, tmp_path):
    """Columns, a list of points, a data frame, a CSV file with units: the same points."""
    columns = {"mass": [0.001, 0.5], "g_e": [1e-9, 2e-9], "g_nu": [1e-10, 1e-9]}
    table: object = columns
    if how == "points":
        table = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    elif how == "frame":
        table = __import__("pandas").DataFrame(columns)
    elif how == "file":
        table = tmp_path / "points.csv"
        table.write_text("# two points\nmass,g_e,g_nu\n1 keV,1e-9,1e-10\n0.5 MeV,2e-9,1e-9\n")
    found = nup.scan("vector", observables="ratio:borexino", table=table)
    assert found.sizes == {"point": 2}
    for name, column in columns.items():
        assert found[name].to_numpy().tolist() == pytest.approx(column)
    expected = [nup.evaluate(nup.VectorMediator(*row), "borexino")["borexino"].ratio for row in zip(*columns.values())]  # noqa: B905
    assert found["ratio:borexino"].to_numpy().tolist() == pytest.approx(expected, rel=1e-12)


def test_the_file_holds_everything_and_is_read_back(tmp_path, monkeypatch):
    """A finished scan is read, not calculated; the CSV has the same numbers."""
    import pandas
    import xarray

    from nuportal.scans import build

    path = tmp_path / "scan.nc"
    first = nup.scan("B-L", AXES, ["neff", "ratio:borexino"], save=path, **FAST)
    monkeypatch.setattr(build, "_compute", None)
    assert nup.scan("B-L", AXES, ["neff", "ratio:borexino"], save=path, **FAST).identical(first)
    with xarray.open_dataset(path, engine="h5netcdf") as opened:
        assert opened.load().identical(first)
    assert {"model", "options", "nuportal_version", "date", "input_hash"} <= set(first.attrs)
    assert "Borexino:2017rsf" in first.attrs["references"].split()
    table = pandas.read_csv(write(first, tmp_path / "scan.csv"), comment="#")
    assert list(table) == ["mass", "g", "epsilon", "neff", "ratio:borexino"]
    assert table["neff"].to_numpy() == pytest.approx(first["neff"].to_numpy().ravel(), rel=1e-15)
    with pytest.raises(DataFileError, match="another scan"):
        nup.scan("B-L", AXES, ["neff"], save=path, **FAST)


def test_damaged_files_are_refused(tmp_path):
    """A bit that is turned round, a change by another program and a torn file are noticed; replacing helps."""
    import h5py

    path = tmp_path / "scan.nc"
    nup.scan("B-L", AXES, ["ratio:borexino"], save=path)
    whole = path.read_bytes()
    path.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    with pytest.raises(DataFileError, match="damaged"):
        nup.scan("B-L", AXES, ["ratio:borexino"], save=path)
    path.write_bytes(whole)
    with h5py.File(path, "r+") as file:
        file["mass"][0] = 3.0
    with pytest.raises(DataFileError, match=r"damaged|changed by another program"):
        nup.scan("B-L", AXES, ["ratio:borexino"], save=path)
    path.write_bytes(whole[:3000])
    with pytest.raises(DataFileError, match="not a complete"):
        nup.scan("B-L", AXES, ["ratio:borexino"], save=path)
    again = nup.scan("B-L", AXES, ["ratio:borexino"], save=path, if_exists="replace")
    assert np.isfinite(again["ratio:borexino"]).all()


_RUN = """
import sys, time
import nuportal as nup
from nuportal.scans import build
if sys.argv[2] == "slow":
    find = build.Point.find
    build.Point.find = lambda *given: time.sleep(0.02) or find(*given)
nup.scan("B-L", ["mass=2MeV:20MeV:6", "g=1e-9:1e-5:5", "epsilon=1e-9:1e-7:2"], ["ratio:borexino", "loglike:borexino"],
         save=sys.argv[1], executor="threads")
"""


def test_a_killed_scan_goes_on_and_gives_the_same_bytes(tmp_path):
    """kill -9 after some points: the file is that of a run without interruption, bit by bit; done points stay."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    start = [sys.executable, "-c", _RUN]
    whole, broken, journal = (tmp_path / name for name in ("whole.nc", "broken.nc", "broken.nc.partial"))
    subprocess.run([*start, whole, "fast"], env=environment, check=True)
    run = subprocess.Popen([*start, broken, "slow"], env=environment)
    until = time.monotonic() + 120
    while not (journal.is_file() and journal.stat().st_size > 2000) and run.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.005)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert journal.is_file()
    assert not broken.exists()
    subprocess.run([*start, broken, "fast"], env=environment, check=True)
    assert not journal.exists()
    assert broken.read_bytes() == whole.read_bytes()


def test_finished_points_are_not_calculated_again(tmp_path, monkeypatch):
    from nuportal.scans import build

    find, calls = build.Point.find, []

    def dies(self, asked):
        calls.append(asked)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return find(self, asked)

    given = {"observables": ["ratio:borexino"], "save": tmp_path / "a.nc", "executor": "serial"}
    monkeypatch.setattr(build.Point, "find", dies)
    with pytest.raises(KeyboardInterrupt):
        nup.scan("B-L", AXES, **given)
    nup.scan("B-L", AXES, **given)
    assert len(calls) == 8 + 12 - 7


@pytest.mark.parametrize(("executor", "workers"), [("threads", 2), ("processes", 1)])
def test_the_executor_does_not_change_the_result(executor, workers):
    axes, asked = ["mass=2MeV:20MeV:4", "g=1e-9:1e-5:3", "epsilon=1e-9:1e-7:2"], ["ratio:borexino", "loglike:xenonnt"]
    one = nup.scan("B-L", axes, asked, executor="serial")
    other = nup.scan("B-L", axes, asked, executor=executor, workers=workers)
    for found in (one, other):
        del found.attrs["date"]
    assert other.identical(one)


@pytest.mark.cluster
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path, monkeypatch):
    """kill -9 of one of two workers while it calculates: its points go to the other, the file is identical."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    axes, asked = ["mass=2MeV:20MeV:10", "g=1e-9:1e-5:8", "epsilon=1e-9:1e-7:2"], ["ratio:borexino", "loglike:borexino"]
    nup.scan("B-L", axes, asked, executor="serial", save=tmp_path / "serial.nc")
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        from threading import Thread

        run = Thread(
            target=nup.scan,
            args=("B-L", axes, asked),
            kwargs={"executor": client.get_executor(pure=False), "save": tmp_path / "dask.nc"},
        )
        run.start()
        journal = tmp_path / "dask.nc.partial"
        until = time.monotonic() + 60
        while not (journal.is_file() and journal.stat().st_size > 3000):
            assert time.monotonic() < until
            time.sleep(0.01)
        victim = next(iter(cluster.workers.values()))
        os.kill(victim.pid, signal.SIGKILL)
        assert not (tmp_path / "dask.nc").exists()
        run.join(120)
        assert not run.is_alive()
    assert (tmp_path / "dask.nc").read_bytes() == (tmp_path / "serial.nc").read_bytes()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"axes": AXES, "observables": ["nef"]}, "unknown observable 'nef'; did you mean 'neff'?"),
        ({"axes": AXES, "observables": []}, "a scan needs an observable"),
        ({"axes": AXES, "observables": ["best"]}, "give the experiment"),
        ({"axes": AXES, "observables": ["neff:borexino"]}, "is of the model alone"),
        ({"axes": AXES, "observables": ["ratio:borexno"]}, "did you mean 'borexino'?"),
        ({"axes": AXES, "observables": ["best:xenonnt_sr9"]}, "did you mean 'xenonnt_sr0'?"),
        ({"axes": AXES, "observables": ["loglike:na64-invisible"]}, "na64-invisible has no likelihood"),
        ({}, "give either axes"),
        ({"axes": AXES, "table": {"mass": [1.0]}}, "give either axes"),
        ({"axes": ["mass=1MeV:2MeV", "mass=3MeV:4MeV"]}, "two axes are mass"),
        ({"axes": ["mass=1MeV:2MeV:3"]}, "g of B-L is missing"),
        ({"axes": AXES, "g": 1e-7}, "g varies and cannot also be fixed"),
        ({"axes": AXES, "treatmnt": "momenta"}, "did you mean 'treatment'?"),
        ({"axes": AXES, "treatment": "moments"}, "unknown treatment 'moments'; did you mean 'momenta'?"),
        ({"axes": AXES, "executor": "nonsense"}, "unknown executor 'nonsense'"),
        ({"axes": AXES, "workers": 0}, "workers = 0"),
        ({"axes": AXES, "progress": "loud"}, "value of progress 'loud'"),
        ({"axes": AXES, "if_exists": "keep"}, "value of if_exists 'keep'"),
        ({"axes": AXES, "save": "scan.csv"}, "file type must be one of .nc"),
        ({"table": {"mass": [1.0, 2.0], "g": [1e-7]}}, "differ in length"),
        ({"table": {"mass": [], "g": []}}, "the table of points is empty"),
        ({"table": [{"mass": 1.0, "g": 1e-7}, {"mass": 1.0}]}, "point 2 of the table has mass, the first has mass, g"),
        ({"table": 3.0}, "a table that is a float is not allowed"),
        ({"table": "no/such.csv"}, "cannot read the table 'no/such.csv'"),
        ({"axes": ["mass=1MeV:2MeV:2000", "g=1e-9:1e-6:2000"]}, "4000000 points are not allowed"),
    ],
)
def test_bad_input_is_one_clear_line(given, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NuportalError) as error:
        nup.scan("B-L", **given)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_points(capsys):
    nup.scan("B-L", AXES, ["ratio:borexino"], progress="bar")
    assert "12/12 points" in " ".join(capsys.readouterr().err.split())


def test_a_limit_of_the_users_own_is_an_observable(tmp_path):
    """By folder or as an object; the file names the folder and the hash of its content."""
    source = nup.limit("g2-electron").folder
    own = tmp_path / "mine"
    own.mkdir()
    for path in source.iterdir():
        if path.is_file():
            (own / path.name).write_bytes(path.read_bytes())
    (own / "limit.toml").write_text((own / "limit.toml").read_text().replace('name = "g2-electron"', 'name = "mine"'))
    found = nup.scan("B-L", AXES, ["excluded", f"excluded:{own}"], constraints=nup.limit(own), save=tmp_path / "a.nc")
    both = found["excluded"].to_numpy(), found["excluded:mine"].to_numpy()
    assert np.array_equal(*both)
    assert '"mine"' in found.attrs["options"]
    with pytest.raises(ParameterError):
        nup.scan("B-L", AXES, ["excluded"], constraints=3)  # type: ignore[arg-type]
