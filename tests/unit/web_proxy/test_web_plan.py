"""What is tried on the way to the Web, from the site's lists."""

from __future__ import annotations

import pytest
from ansible.module_utils.linux.web_plan import PlanError, web_plan

SITE = {"legitimate_domains": ["a.example"], "closed_categories": ["b"], "download_types": ["c"]}


def test_without_people_the_directory_has_to_be_read_first() -> None:
    with pytest.raises(PlanError, match="--limit"):
        web_plan([], {}, [], SITE)


@pytest.mark.parametrize("name", sorted(SITE))
def test_an_empty_list_is_named(name: str) -> None:
    with pytest.raises(PlanError, match=name):
        web_plan([], {}, [], {**SITE, name: []})
