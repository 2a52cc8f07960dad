"""Jinja2, quicker with what public templates do most: calling functions and macros, and putting out what they return.

A function among the globals is known when a template is compiled: it is called at once, and what says that it returns
markup is not escaped again. Everything else goes Jinja2's own way. A template must not hold `<pre>` or `<textarea>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator as JinjaCodeGenerator
from jinja2.compiler import Frame, optimizeconst
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.runtime import Macro as JinjaMacro
from jinja2.runtime import missing
from jinja2.utils import _PassArg
from markupsafe import Markup, _escape_inner, escape

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)

as_markup: Callable[[str], Markup] = partial(str.__new__, Markup)
"""`Markup(text)` for what is text and safe."""


def escape_output(value: Any) -> str:
    """What a template puts out, escaped. It is joined at once, so it need not be known as markup any more."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


class CodeGenerator(JinjaCodeGenerator):
    def _known(self, node: nodes.Node, frame: Frame) -> Any:
        """The global function that `node` calls, if it can be called at once."""
        if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs:
            return None
        if not isinstance(node.node, nodes.Name):
            return None
        reference = frame.symbols.find_ref(node.node.name)
        if reference is None or frame.symbols.find_load(reference) != (VAR_LOAD_RESOLVE, node.node.name):
            return None
        known = self.environment.globals.get(node.node.name)
        is_plain = isinstance(getattr(known, "__wrapped__", known), FunctionType)
        return known if is_plain and _wants(known) in {None, _PassArg.context} else None

    @optimizeconst
    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if (known := self._known(node, frame)) is None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        if _wants(known) is _PassArg.context:
            inside = {"_loop_vars": frame.loop_frame, "_block_vars": frame.block_frame}
            names = [name for name, is_there in inside.items() if is_there]
            self.write(f"context.within({', '.join(names)})" if names else "context")
            self.write(", ")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        known = self._known(node, frame)
        if known is not None and known.__annotations__.get("return") == Markup.__name__:
            # What follows closes the parenthesis.
            self.write("(")
        else:
            super()._output_child_pre(node, frame, finalize)


def _wants(function: Any) -> _PassArg | None:
    return _PassArg.from_obj(function)


class Macro(JinjaMacro):
    def at_once(self, is_escaped: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What calling it returns, without finding out anew how it is called."""
        if (
            len(args) > self._argument_count
            or self.catch_kwargs
            or self.catch_varargs
            or self.explicit_caller
        ):
            return NotImplemented
        names = self.arguments[len(args) :]
        if kwargs and not kwargs.keys() <= {*names, *(["caller"] if self.caller else ())}:
            return NotImplemented
        arguments = [*args, *(kwargs.get(name, missing) for name in names)]
        if self.caller:
            caller = kwargs.get("caller")
            if caller is None:
                return NotImplemented
            arguments.append(caller)
        text = self._func(*arguments)
        return as_markup(text) if is_escaped else text


class Context(jinja2.runtime.Context):
    def __init__(
        self,
        environment: Any,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Any],
        globals: Any = None,
    ) -> None:
        # What is global is the same in all templates (`Template`), so nothing asks which names are.
        super().__init__(environment, parent, name, blocks)

    def shows(self, template: jinja2.Template) -> None:
        """From now on this is the context of `template`."""
        self.vars.clear()
        self.exported_vars.clear()
        self.name = template.name
        self.blocks = {name: [block] for name, block in template.blocks.items()}

    def within(self, *inside: dict[str, Any]) -> jinja2.runtime.Context:
        """This context with what was set in the block and the loop at hand."""
        context: jinja2.runtime.Context = self
        for names in reversed(inside):
            if names:
                context = context.derived(names)
        return context

    @jinja2.utils.internalcode
    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        if type(__obj) is Macro:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            found = __obj.at_once(__self.eval_ctx.autoescape, args, kwargs)
            return __obj(__self.eval_ctx, *args, **kwargs) if found is NotImplemented else found
        return super().call(__obj, *args, **kwargs)


class Template(jinja2.Template):
    """Macros that are imported without context know the globals of the environment, which all templates share."""

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: Any, globals: Any) -> jinja2.Template:
        namespace |= {"escape": escape_output, "Macro": Macro}
        return super()._from_namespace(environment, namespace, globals)

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


class Environment(jinja2.Environment):
    """Where templates do not change while the process runs, it finds those that it knows at once. What templates are
    indented with is left out: a browser shows one space for a line's end and all that stands around it."""

    code_generator_class = CodeGenerator
    context_class = Context
    template_class = Template

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._known: dict[str, jinja2.Template] = {}

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        return INDENTATION.sub("", super().preprocess(source, name, filename))

    def make_globals(self, d: Any) -> Any:
        # A plain dictionary: each context is begun with a copy of it.
        return super().make_globals(d) if d else self.globals

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> jinja2.Template:
        if (known := self._known.get(name)) is not None:
            return known
        template = super().get_template(name, parent, globals)
        if not self.auto_reload and globals is None:
            self._known[name] = template
        return template
