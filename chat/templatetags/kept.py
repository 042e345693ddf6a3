"""`{% load kept %}`: parts of pages that are rendered once for all who see the same."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from chat.web import markup

register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context: Context, template_name: str, **shown: Any) -> SafeString:
    """`{% kept "chat/_sidebar.html" sidebar=sidebar %}`: an include that sees what it is given, and the token of forms.

    What is given must be a value that never changes: a text, a number, or a frozen dataclass of such.
    """
    return markup.with_token(markup.kept(template_name, **shown), context.get("csrf_token"))
