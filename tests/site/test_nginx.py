"""The demo site, served by nginx with the configuration that Vigie ships."""

from pathlib import Path

from tests.deploy import nginx
from tests.site import demo


def test_nginx_sends_each_file_as_the_built_in_server_does(site: demo.Site, tmp_path: Path) -> None:
    with nginx.serving(tmp_path / "nginx", site.releases, site.folder) as server:
        assert not nginx.header_differences(server, site.releases / "current" / "manifest.json")
