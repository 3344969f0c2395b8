"""Labels, titles and sentences as Unicode, and references as a reader sees them."""

import re
import tomllib
from importlib.resources import files

import pytest

from nuportal.citation import citation
from nuportal.models.declaration import every_parameter
from nuportal.plotting.typeset import Piece, pieces, plain, words
from nuportal.references import bibliography

LEAKS = re.compile(r"[\\${}]|mathrm|prime|\brm\b|others|\bto(?=[KA-Z])")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (r"$N_\mathrm{eff}$ Planck 2018", "N_eff Planck 2018"),
        (r"$N_{\rm eff}$ at CMB", "N_eff at CMB"),
        (r"$U(1)_{L_{\mu}{-}L_{\tau}}$", "U(1)_Lμ−Lτ"),
        (r"$M_{Z^\prime}$", "M_Z′"),
        (r"KLOE $\phi\to\eta Z^{\prime}$", "KLOE φ\u2009→\u2009ηZ′"),
        (r"$(g-2)_\mu$", "(g−2)_μ"),
        (r"PandaX-4T $^8$B", "PandaX-4T ^8B"),
        (r"$10^{-18}$", "10^−18"),
        (r"$\mu_\mathrm{B}$", "μ_B"),
        (r"100\% of $\alpha$", "100% of α"),
        (r"$\unheardof x$", "unheardofx"),
    ],
)
def test_labels(text, line):
    """The TeX that labels use, and of an unknown command the name only."""
    assert plain(text) == line


def test_pieces_carry_italics_and_nested_shifts():
    """Letters of mathematical type are italic, of \\mathrm and numbers not; an index of an index is shifted twice."""
    assert pieces(r"a $N_\mathrm{eff}$") == [Piece("a "), Piece("N", italic=True), Piece("eff", shift="_")]
    assert pieces(r"$g_{L_\mu}^{2}$") == [
        Piece("g", italic=True),
        Piece("L", italic=True, shift="_"),
        Piece("μ", italic=True, shift="__"),
        Piece("2", shift="^"),
    ]
    assert pieces("<b>&") == [Piece("<b>&")]


def test_sentences():
    """Greek letters, arrows, charges and indices of what is written in ASCII; other words stay."""
    assert "".join(p.text for p in words("pi0 -> gamma Z', Z' -> mu+ mu-")) == "π0 → γ Z′, Z′ → μ+ μ−"
    assert Piece("eff", shift="_") in words("N_eff: projection")
    assert Piece("μ", shift="_") in words("difference of nu_e and nu_mu")
    assert words("multiple eta-like petals, e-mail") == words("multiple η-like petals, e-mail")
    assert "".join(p.text for p in words("a pint of mustard")) == "a pint of mustard"


def test_nothing_of_tex_is_left_in_the_catalogue():
    """In no label, sentence, symbol or reference of the package."""
    texts = [plain(p.symbol) + plain(p.unit_text) for p in every_parameter().values()]
    for folder in files("nuportal.limits").joinpath("catalog").iterdir():
        about = tomllib.loads(folder.joinpath("limit.toml").read_text(encoding="utf-8"))
        texts.append(plain(about["label"]))
        for name in ("observable", "note", "accuracy_note"):
            texts.append("".join(p.text for p in words(about.get(name, ""))))
    for key in bibliography():
        found = citation(key)
        assert found.author and found.title and found.where, key
        texts += [found.author, plain(found.title), found.where]
    assert len(texts) > 400
    assert [t for t in texts if LEAKS.search(t)] == []


def test_references():
    """Accents, collaborations, pairs of authors, journals and addresses."""
    old = citation("Bahre:2013ywa")
    assert old.author == "Bähre et al."
    assert old.where == "JINST 8 T09001 (2013), arXiv:1302.5647"
    assert old.url == "https://arxiv.org/abs/1302.5647"
    assert citation("BaBar:2014zli").author.startswith("BaBar")
    assert citation("Goldstein:2026neff").author == "Goldstein and Hill"
    assert citation("Morel:2020dww").url == "https://doi.org/10.1038/s41586-020-2964-7"
    assert citation("Davier:1989wz").url == ""


def test_references_of_a_folder(tmp_path):
    """A user's own refs.bib is read; a key that is nowhere stands as it is."""
    entry = r"@article{Own:2026, author={M{\"u}ller, A.}, title={On <b>$N_{eff}$</b>}, year=2026}"
    (tmp_path / "refs.bib").write_text(entry)
    found = citation("Own:2026", tmp_path)
    assert (found.author, found.where, found.url) == ("Müller", "(2026)", "")
    assert plain(found.title) == "On <b>N_eff</b>"
    assert citation("Nowhere:1999", tmp_path) == ("", "Nowhere:1999", "", "")
