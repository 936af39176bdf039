"""The lock is compared with what is installed, whatever the build and the spelling of a name."""

from importlib import metadata

from tools.lessons import different_from_lock


def test_only_other_versions_are_named(tmp_path):
    version = metadata.version("nbval")
    torch = metadata.version("torch").split("+")[0]
    lock = tmp_path / "lock.txt"
    lock.write_text(
        f"# nbval==0\nNbVal=={version}\ntorch=={torch}\nnot-installed-anywhere==1\n"
        "prompt_toolkit==0.1 ; python_version > '3'\n"
    )
    (sentence,) = different_from_lock(lock)
    assert sentence.startswith("prompt_toolkit ") and sentence.endswith(" instead of 0.1")
