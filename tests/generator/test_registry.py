import pytest

from generator.registry import Registry

pytestmark = pytest.mark.once


def test_a_second_publisher_needs_another_name() -> None:
    registry = Registry()
    registry.documents("news")(lambda context: ())
    with pytest.raises(ValueError, match=r"'news'.*registered already.*another name"):
        registry.documents("news")(lambda context: ())


def test_documents_and_redirects_of_one_app_share_its_name() -> None:
    registry = Registry()
    registry.documents("pages")(lambda context: ())
    registry.redirects("pages")(lambda context: ())
    assert list(registry.redirect_publishers) == ["pages"]


def test_a_registered_function_stays_what_it_is() -> None:
    registry = Registry()

    @registry.periodic("count", seconds=5)
    def count() -> int:
        return 7

    assert count() == 7
    assert registry.periodic_jobs["count"].seconds == 5


def test_a_job_that_would_never_rest_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Registry().periodic("spin", seconds=0)
