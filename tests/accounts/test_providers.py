"""Settings of OpenID Connect providers and of the proxy's header: refused where they are of no use."""

from __future__ import annotations

from pathlib import Path

import pytest

from wiki.model.errors import Refused
from wiki.providers import Provider
from wiki.settings import Settings

COMPANY = """\
[oidc.company]
issuer = "https://id.example.com/realms/staff"
client_id = "concord"
client_secret = "between us"
label = "Company account"
domains = ["Example.com"]
scopes = ["openid", "email", "profile", "groups"]
groups_claim = "groups"
trust_groups = true
join = true
"""


def load(data: Path, text: str = "", **environ: str) -> Settings:
    (data / "wiki.toml").write_text(text, encoding="utf-8")
    return Settings.load({"WIKI_DATA": str(data), **environ})


def test_without_a_provider_there_is_none(tmp_path: Path) -> None:
    assert load(tmp_path).oidc == ()


def test_a_table_tells_of_a_provider(tmp_path: Path) -> None:
    assert load(tmp_path, COMPANY).oidc == (
        Provider(
            name="company",
            issuer="https://id.example.com/realms/staff",
            client_id="concord",
            client_secret="between us",
            label="Company account",
            domains=("example.com",),
            scopes=("openid", "email", "profile", "groups"),
            groups_claim="groups",
            trust_groups=True,
            join=True,
        ),
    )


def test_several_tables_tell_of_several_in_their_order(tmp_path: Path) -> None:
    other = '[oidc.other]\nissuer = "https://login.example.org"\nclient_id = "x"\n'
    settings = load(tmp_path, COMPANY + other)
    assert [(one.name, one.label) for one in settings.oidc] == [("company", "Company account"), ("other", "Other")]


def test_nobody_joins_by_a_provider_unless_the_settings_say_so(tmp_path: Path) -> None:
    (provider,) = load(tmp_path, WIKI_OIDC_ISSUER="https://id.example.com", WIKI_OIDC_CLIENT_ID="x").oidc
    assert not provider.join
    assert not provider.trust_groups


def test_the_environment_alone_tells_of_one(tmp_path: Path) -> None:
    (provider,) = load(
        tmp_path,
        WIKI_OIDC_ISSUER="https://id.example.com",
        WIKI_OIDC_CLIENT_ID="x",
        WIKI_OIDC_DOMAINS="example.com, example.org",
        WIKI_OIDC_SCOPES="openid email",
        WIKI_OIDC_JOIN="yes",
    ).oidc
    assert (provider.name, provider.label) == ("sso", "Sso")
    assert provider.domains == ("example.com", "example.org")
    assert provider.scopes == ("openid", "email")
    assert provider.join


def test_the_environment_adds_the_secret_to_the_only_table(tmp_path: Path) -> None:
    (provider,) = load(tmp_path, COMPANY, WIKI_OIDC_CLIENT_SECRET="from elsewhere").oidc
    assert (provider.name, provider.client_secret) == ("company", "from elsewhere")


def test_the_environment_names_which_table_it_adds_to(tmp_path: Path) -> None:
    other = '[oidc.other]\nissuer = "https://login.example.org"\nclient_id = "x"\n'
    first, second = load(tmp_path, COMPANY + other, WIKI_OIDC_NAME="other", WIKI_OIDC_CLIENT_SECRET="hush").oidc
    assert (first.client_secret, second.client_secret) == ("between us", "hush")


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    assert "between us" not in repr(load(tmp_path, COMPANY))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('oidc = "x"', "oidc"),
        ("[oidc]\ncompany = 1", "oidc.company"),
        ('[oidc.Company]\nissuer = "https://x.example"\nclient_id = "x"', "Company"),
        ('[oidc.a_b]\nissuer = "https://x.example"\nclient_id = "x"', "a_b"),
        ('[oidc.a]\nclient_id = "x"', "oidc.a.issuer"),
        ('[oidc.a]\nissuer = "https://x.example"', "oidc.a.client_id"),
        ('[oidc.a]\nissuer = "http://x.example"\nclient_id = "x"', "oidc.a.issuer"),
        ('[oidc.a]\nissuer = "https://u:p@x.example"\nclient_id = "x"', "oidc.a.issuer"),
        ('[oidc.a]\nissuer = "https://x.example?q"\nclient_id = "x"', "oidc.a.issuer"),
        ('[oidc.a]\nissuer = "https://[x"\nclient_id = "x"', "oidc.a.issuer"),
        ('[oidc.a]\nissuer = "file:///etc/passwd"\nclient_id = "x"', "oidc.a.issuer"),
        ('[oidc.a]\nissuer = "https://x.example"\nclient_id = 3', "oidc.a.client_id"),
        ('[oidc.a]\nissuer = "https://x.example"\nclient_id = "x"\ncolour = "red"', "oidc.a.colour"),
        ('[oidc.a]\nissuer = "https://x.example"\nclient_id = "x"\njoin = "perhaps"', "oidc.a.join"),
        ('[oidc.a]\nissuer = "https://x.example"\nclient_id = "x"\nscopes = ["email"]', "oidc.a.scopes"),
        ('[oidc.a]\nissuer = "https://x.example"\nclient_id = "x"\ndomains = ["a@b.example"]', "oidc.a.domains"),
        ('[oidc.a]\nissuer = "https://x.example"\nclient_id = "x"\ntrust_groups = true', "oidc.a.trust_groups"),
        ("password_sign_in = false", "password_sign_in"),
        ('proxy_user_header = "X-Forwarded-Email"', "trusted_proxies"),
        ('trusted_proxies = ["127.0.0.1"]\nproxy_user_header = "X_Forwarded_Email"', "proxy_user_header"),
        ('trusted_proxies = ["127.0.0.1"]\nproxy_user_header = "X-Forwarded-Email: "', "proxy_user_header"),
        ('trusted_proxies = ["127.0.0.1"]\nproxy_name_header = "Name é"', "proxy_name_header"),
    ],
)
def test_what_is_of_no_use_is_named(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(Refused, match=names):
        load(tmp_path, text)


def test_a_provider_on_this_machine_may_do_without_https(tmp_path: Path) -> None:
    for issuer in ("http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"):
        (provider,) = load(tmp_path, WIKI_OIDC_ISSUER=issuer, WIKI_OIDC_CLIENT_ID="x").oidc
        assert provider.issuer == issuer


def test_passwords_can_be_switched_off_where_there_is_another_way(tmp_path: Path) -> None:
    assert not load(tmp_path, f"password_sign_in = false\n{COMPANY}").password_sign_in


def test_a_provider_admits_whose_address_is_in_one_of_its_domains(tmp_path: Path) -> None:
    (provider,) = load(tmp_path, COMPANY).oidc
    assert provider.admits("ana@EXAMPLE.com")
    assert not provider.admits("ana@example.com.evil.example")
    assert not provider.admits("ana@sub.example.com")
