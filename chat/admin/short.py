"""Lists over tables that only grow."""

from typing import Any, Final

from django.contrib.admin import ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.http import HttpRequest

from chat.admin.desk import Desk

MOST_LISTED: Final = 1_000


class ShortList(ChangeList):
    """Reads the keys of the first rows that match and leaves it there: nothing is counted, nothing read twice."""

    def get_results(self, request: HttpRequest) -> None:
        keys = list(self.queryset.values_list("pk", flat=True)[:MOST_LISTED])
        self.paginator = Paginator(keys, self.list_per_page)
        try:
            page = self.paginator.page(self.page_num).object_list
        except InvalidPage:
            raise IncorrectLookupParameters from None
        self.result_list = self.queryset.filter(pk__in=page)
        self.result_count = len(keys)
        self.multi_page = len(keys) > self.list_per_page
        self.can_show_all = self.show_full_result_count = self.show_admin_actions = False
        self.full_result_count = None


class Archive(Desk):
    """A desk for what is only looked up."""

    actions = None
    sortable_by = ()
    show_facets = ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ShortList
